// SPDX-License-Identifier: Apache-2.0

public import Hiredis
import PrivateRedis

/// A Redis server for a test, started by ``withRedis(arguments:_:)``.
public struct TestRedis: Sendable {
    private let server: PrivateRedisServer

    init(server: PrivateRedisServer) {
        self.server = server
    }

    /// The URL of the server, in the form `unix:///path`.
    public var url: String { self.server.url }

    /// A configuration for the server, with default settings.
    public var configuration: RedisConfiguration {
        RedisConfiguration(endpoint: .unixSocket(path: self.server.socketPath))
    }

    /// Kills the server, to test an outage.
    ///
    /// The data on the server is lost.
    ///
    /// - Throws: ``TestRedisError`` if the server does not stop within 10 seconds.
    public func stop() async throws {
        do {
            try await self.server.stop()
        } catch let error as PrivateRedisError {
            throw TestRedisError(error)
        }
    }

    /// Starts the server again after ``stop()``, and returns when the server replies.
    ///
    /// The server has the same URL, but no data.
    ///
    /// - Throws: An error if the server does not start within 10 seconds. If the closure of ``withRedis(arguments:_:)`` does
    ///   not catch the error, `withRedis` throws a ``TestRedisError`` with the reason.
    public func start() async throws {
        try await self.server.start()
    }
}
