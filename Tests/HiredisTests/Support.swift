// SPDX-License-Identifier: Apache-2.0

import Hiredis
import Logging
import NIOPosix
import PrivateRedis
import Testing

/// Runs a closure with a client, and then shuts the client down.
func withClient<Result: Sendable>(
    _ configuration: RedisConfiguration,
    clock: any Clock<Duration> = ContinuousClock(),
    _ body: (RedisClient) async throws -> Result
) async throws -> Result {
    // The client has only one event loop, so that the counters are about one connection.
    let client = RedisClient(
        configuration: configuration,
        eventLoopGroup: MultiThreadedEventLoopGroup.singleton.next(),
        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        clock: clock
    )
    do {
        let result = try await body(client)
        await client.shutdown()
        return result
    } catch {
        await client.shutdown()
        throw error
    }
}

/// Runs a closure with a server whose only user is `alice`, and with a configuration for this user.
///
/// - Parameters:
///   - password: The password of the server. The configuration contains the password `hunter2`.
///   - body: The closure.
/// - Returns: The result of the closure.
/// - Throws: `PrivateRedisError` if the server does not start, or the error of the closure.
func withServerOfAlice<Result: Sendable>(
    password: String = "hunter2",
    _ body: (PrivateRedisServer, RedisConfiguration) async throws -> Result
) async throws -> Result {
    let user = ["--user", "alice", "on", ">\(password)", "~*", "&*", "+@all", "--user", "default", "off"]
    return try await withPrivateRedis(arguments: user) { server in
        var configuration = try server.configuration()
        configuration.username = "alice"
        configuration.password = "hunter2"
        return try await body(server, configuration)
    }
}

extension PrivateRedisServer {
    /// Waits until a client is connected, and then suspends the server, so that later commands get no reply.
    func suspend(connectedTo client: RedisClient) async throws {
        _ = try await client.send("PING")
        self.signal(SIGSTOP)
    }

    /// Returns a configuration with generous timeouts by default.
    func configuration(timeout: Duration = .seconds(10)) throws -> RedisConfiguration {
        var configuration = try RedisConfiguration(url: self.url)
        configuration.connectTimeout = timeout
        configuration.commandTimeout = timeout
        return configuration
    }
}

extension RedisConfiguration {
    /// A copy of the configuration with generous timeouts.
    var patient: Self {
        var patient = self
        patient.connectTimeout = .seconds(10)
        patient.commandTimeout = .seconds(30)
        return patient
    }

    /// A copy of the configuration with a password and very long timeouts, for a server that never replies to `AUTH`.
    var waitingForAuthentication: Self {
        var waiting = self
        waiting.password = "secret"
        waiting.connectTimeout = .seconds(600)
        waiting.commandTimeout = .seconds(600)
        return waiting
    }
}

/// Polls a condition, and records an issue if the condition is not met before a deadline.
func eventually(
    within limit: Duration = .seconds(30),
    sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while !(try await condition()) {
        guard ContinuousClock.now < deadline else {
            Issue.record("It did not happen within \(limit).", sourceLocation: sourceLocation)
            return
        }
        try await Task.sleep(for: .milliseconds(2))
    }
}

/// Sends a command and returns its error, or `nil` on success.
func failure(_ client: RedisClient, _ command: String, _ arguments: [RedisArgument] = []) async -> RedisError? {
    do throws(RedisError) {
        _ = try await client.send(command, arguments)
        return nil
    } catch {
        return error
    }
}
