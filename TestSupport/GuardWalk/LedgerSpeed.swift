// SPDX-License-Identifier: Apache-2.0

import Hiredis
import OTPRedis
import PrivateRedis
import SendGuard

/// Measures the maximum number of decisions per second of one Redis server from the CPU time of its main thread.
enum LedgerSpeed {
    static func run(_ sends: Int) async throws {
        let scopes = BenchScopes()
        let groups: [(String, @Sendable (Int) -> SendClaim)] = [
            ("shared scopes", { scopes.claim(block: $0 % 2_000, source: nil) }),
            ("shared scopes, network and source", { scopes.claim(block: $0 % 2_000, source: $0 % 10_000) }),
        ]
        for (name, claim) in groups {
            try await withPrivateRedis { server in
                let client = RedisClient(configuration: try RedisConfiguration(url: server.url))
                let ledger = RedisSendLedger(client: client)
                try await Self.reserve(sends / 10, ledger, claim)
                let before = try await RedisFigures.read(client)
                try await Self.reserve(sends, ledger, claim)
                let seconds = try await RedisFigures.read(client).cpu - before.cpu
                let rate = Int(Double(sends) / seconds)
                print("\(name): \(rate) decisions a second of one core (\(sends) in \(seconds) s of CPU time)")
                await ledger.shutdown()
            }
        }
    }

    /// Reserves sends in 64 concurrent tasks.
    private static func reserve(
        _ count: Int,
        _ ledger: RedisSendLedger,
        _ claim: @escaping @Sendable (Int) -> SendClaim
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<64 {
                group.addTask {
                    for number in stride(from: task, to: count, by: 64) {
                        let reply = try await ledger.reserve(claim(number))
                        guard reply.isAdmitted else { throw Refused(findings: reply.findings) }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    struct Refused: Error {
        let findings: [GuardFinding]
    }
}
