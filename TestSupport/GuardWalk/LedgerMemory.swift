// SPDX-License-Identifier: Apache-2.0

import Hiredis
import OTPRedis
import PrivateRedis
import SendGuard

/// Measures the Redis memory per source and per number block, including the hash tables.
enum LedgerMemory {
    static func run(_ scopes: Int) async throws {
        let bench = BenchScopes()
        let groups: [(String, records: Int, @Sendable (Int) -> SendClaim)] = [
            ("block", 1, { bench.claim(block: $0, source: nil) }),
            ("source of one network", 1, { bench.claim(block: nil, source: $0, network: 0) }),
            ("source with a network of its own", 2, { bench.claim(block: nil, source: $0) }),
        ]
        for (name, records, claim) in groups {
            try await withPrivateRedis { server in
                let client = RedisClient(configuration: try RedisConfiguration(url: server.url))
                let ledger = RedisSendLedger(client: client)
                // The first send loads the scripts, and creates the records that all sends share.
                _ = try await ledger.reserve(claim(scopes))
                let before = try await RedisFigures.read(client)
                for number in 0..<scopes { _ = try await ledger.reserve(claim(number)) }
                let bytes = try await RedisFigures.read(client).memory - before.memory
                let each = bytes / (scopes * records)
                print("\(name): \(each) bytes a record (used_memory grew by \(bytes) with \(scopes * records) records)")
                await ledger.shutdown()
            }
        }
    }
}
