// SPDX-License-Identifier: Apache-2.0

import Foundation
import Hiredis
import Subprocess
import SystemPackage
import Testing

@testable import OTPRedisTesting
@testable import PrivateRedis

/// Tests of the Redis server that users of the package can run in their tests.
@Suite struct WithRedisTests {
    @Test func everyCallHasAnEmptyServerThatIsGoneAfterwards() async throws {
        let url = try await withRedis { first in
            try await withClient(RedisConfiguration(url: first.url)) { client in
                _ = try await client.send("SET", "k", "v")
                try await withRedis { second in
                    #expect(first.url != second.url)
                    try await withClient(second.configuration) { other in
                        let size = try await other.send("DBSIZE")
                        #expect(size == .integer(0))
                    }
                }
            }
            return first.url
        }
        guard case .unixSocket(let path) = try RedisConfiguration(url: url).endpoint?.kind else { throw Unexpected() }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func anErrorOfTheClosureIsThrownAndTheServerIsGone() async throws {
        let path = Path()
        await #expect(throws: Unexpected.self) {
            try await withRedis { redis in
                path.value = redis.url
                throw Unexpected()
            }
        }
        #expect(path.value.hasPrefix("unix:///"))
        #expect(!FileManager.default.fileExists(atPath: String(path.value.dropFirst("unix://".count))))
    }

    @Test func anOutageCanBeTested() async throws {
        try await withRedis { redis in
            try await withClient(redis.configuration.patient) { client in
                _ = try await client.send("SET", "k", "v")
                try await redis.stop()
                try await eventually { await failure(client, "PING")?.code == .connectionFailed }
                try await redis.start()
                try await eventually { await failure(client, "PING") == nil }
                #expect(try await client.send("GET", "k") == .null)
            }
        }
    }

    @Test func aRestartThatFailsThrowsATestRedisError() async throws {
        let error = await #expect(throws: TestRedisError.self) {
            try await withRedis { redis in
                try await redis.stop()
                guard case .unixSocket(let path) = redis.configuration.endpoint?.kind else { throw Unexpected() }
                try FileManager.default.removeItem(atPath: path.replacing(/\/[^\/]*$/, with: ""))
                try await redis.start()
            }
        }
        #expect(error?.code == .failed)
    }

    @Test func anUnknownArgumentIsNamedInTheError() async throws {
        let error = await #expect(throws: TestRedisError.self) {
            try await withRedis(arguments: ["--no-such-setting", "1"]) { _ in }
        }
        #expect(error?.code == .failed)
        #expect(error?.message.contains("no-such-setting") == true)
    }

    @Test func aMissingServerIsNamedWithTheCommandThatInstallsIt() async throws {
        let error = await #expect(throws: PrivateRedisError.self) {
            try await requireRedisServer(in: .custom(["PATH": "/nonexistent"]))
        }
        let shown = TestRedisError(try #require(error))
        #expect(shown.code == .notInstalled)
        #expect(shown.message.contains("apt-get install redis-server"))
    }
}

/// A path that a closure assigns.
private final class Path {
    var value = ""
}

extension RedisConfiguration {
    /// The address of a single server.
    fileprivate var endpoint: Endpoint? {
        if case .standalone(let endpoint) = self.deployment.kind { endpoint } else { nil }
    }
}
