// SPDX-License-Identifier: Apache-2.0

import MovableClock
import PrivateRedis
import Testing

/// The tests of all rows of the conformance table.
///
/// The tests run one after another, because they share one private Redis server whose clock they move.
@Suite(.serialized, .sharedRedis, .timeLimit(.minutes(10))) enum Conformance {}

/// The Redis server that the tests of all rows share.
struct SharedRedis: Sendable {
    let server: PrivateRedisServer
    let clock: MovableClock

    @TaskLocal static var current: SharedRedis?
}

/// Starts the Redis server of a suite, and stops it after the last test.
struct SharedRedisTrait: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        let clock = try await MovableClock()
        try clock.freeze()
        try await withPrivateRedis(environment: clock.environment) { server in
            try await SharedRedis.$current.withValue(SharedRedis(server: server, clock: clock)) {
                try await function()
            }
        }
    }
}

extension Trait where Self == SharedRedisTrait {
    static var sharedRedis: Self { Self() }
}
