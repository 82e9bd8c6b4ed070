// SPDX-License-Identifier: Apache-2.0

import MovableClock
import OTPRedis
import OTPTesting
import PrivateRedis

/// A program for `scripts/store-walk` that compares the store in Redis with the specification on a long random walk.
@main
enum StoreWalk {
    static func main() async throws {
        let numbers = CommandLine.arguments.dropFirst().compactMap { UInt64($0) }
        guard numbers.count == 2, let steps = Int(exactly: numbers[0]) else { throw WrongArguments() }
        let seed = numbers[1]
        let clock = try await MovableClock()
        try clock.freeze()
        try await withPrivateRedis(environment: clock.environment) { server in
            let store = try RedisOTPStore(url: server.url)
            let outcomes = try await OTPStoreConformance(store: store) { try clock.advance(by: $0) }
                .checkRandomSteps(steps, seed: seed)
            await store.shutdown()
            print("\(steps) steps, seed \(seed): the store decides as the specification")
            for (outcome, count) in outcomes.sorted(by: { $0.key < $1.key }) { print("  \(outcome): \(count)") }
        }
    }

    struct WrongArguments: Error {}
}
