// SPDX-License-Identifier: Apache-2.0

import Hiredis
import MovableClock
import OTPRedis
import PrivateRedis
import SendGuardTesting

/// A program that runs long checks of the guard's ledger in Redis; `scripts/guard` describes its arguments.
@main
enum GuardWalk {
    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst()
        let command = arguments.first
        let number = arguments.dropFirst().first.flatMap { Int($0) }
        let seed = arguments.dropFirst(2).first.flatMap { UInt64($0) } ?? .random(in: .min ... .max)
        switch (command, number) {
        case ("walk", let steps?): try await self.walk(steps, seed: seed)
        case ("speed", let sends?): try await LedgerSpeed.run(sends)
        case ("memory", let scopes?): try await LedgerMemory.run(scopes)
        default: throw WrongArguments()
        }
    }

    struct WrongArguments: Error {}

    /// Compares the ledger in Redis with the specification.
    private static func walk(_ steps: Int, seed: UInt64) async throws {
        let clock = try await MovableClock()
        try clock.freeze()
        try await withPrivateRedis(environment: clock.environment) { server in
            let ledger = RedisSendLedger(client: RedisClient(configuration: try RedisConfiguration(url: server.url)))
            let conformance = SendLedgerConformance(ledger: ledger, movesBackwards: true) { try clock.advance(by: $0) }
            let outcomes = try await conformance.checkRandomSteps(steps, seed: seed)
            print("\(steps) steps, seed \(seed): the ledger decides as the specification")
            for (outcome, count) in outcomes.sorted(by: { $0.key < $1.key }) { print("  \(outcome): \(count)") }
            await ledger.shutdown()
        }
    }
}
