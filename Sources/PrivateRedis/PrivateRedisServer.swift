// SPDX-License-Identifier: Apache-2.0

import Foundation
import Hiredis
import Logging
import NIOCore
import NIOPosix
import Subprocess
import TextFormats

/// A `redis-server` that this process has started.
package struct PrivateRedisServer: Sendable {
    /// The path of the server's Unix domain socket.
    package let socketPath: String

    /// The server's port on 127.0.0.1; `nil` if the server listens only on the socket.
    package let port: Int?

    let supervisor: PrivateRedisSupervisor
    /// The process ID of the shell that supervises the server.
    let shell: Int32
    /// The standard input of the shell, for the orders `start` and `stop`.
    let orders: StandardInputWriter

    /// The percent-encoded URL of the server, in the form `unix:///path`.
    package var url: String {
        let path = PercentEncoding.encode(self.socketPath, uppercase: true) { byte in
            byte <= 0x7E && !" %?#".utf8.contains(byte)
        }
        return "unix://" + path
    }

    /// The process ID of the server; 0 while the server is stopped.
    package var processID: Int32 { self.supervisor.processID ?? 0 }

    /// Sends a signal, such as `SIGSTOP`, to the server.
    package func signal(_ signal: Int32) {
        // For a process ID below 1, `kill` would send the signal to a process group.
        guard let processID = self.supervisor.processID, processID > 0 else { return }
        kill(processID, signal)
    }

    /// Kills the server, and returns when its socket is deleted.
    ///
    /// The data on the server is lost.
    package func stop() async throws {
        try await self.order("stop")
        try await poll("redis-server did not stop") {
            !FileManager.default.fileExists(atPath: self.socketPath) && self.processID == 0
        }
    }

    /// Starts the server after ``stop()``, with the same socket and port, and returns when the server replies.
    package func start() async throws {
        try await self.order("start")
        try await self.waitUntilReady()
    }

    private func order(_ order: String) async throws {
        _ = try await self.orders.write("\(order)\n")
    }

    func waitUntilReady() async throws {
        let limit = Duration.seconds(10)
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline {
            guard isAlive(self.shell) else { throw StartFailure(output: self.supervisor.lastLogLines) }
            if let processID = self.supervisor.processID {
                guard isAlive(processID) else { throw StartFailure(output: self.supervisor.lastLogLines) }
                if await self.replies() { return }
            }
            try await Task.sleep(for: .milliseconds(5))
        }
        throw StartFailure(
            output: "it did not reply within \(limit.components.seconds) s\n\(self.supervisor.lastLogLines)"
        )
    }

    private func replies() async -> Bool {
        let client = RedisClient(
            configuration: RedisConfiguration(endpoint: .unixSocket(path: self.socketPath)),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton.next(),
            // Connection failures are expected while the server starts, so they are not logged.
            logger: Logger(label: "otp.redis.private") { _ in SwiftLogNoOpLogHandler() }
        )
        let replies: Bool
        do throws(RedisError) {
            _ = try await client.send("PING")
            replies = true
        } catch {
            // A server that requires a password is also ready.
            replies = error.code == .server || error.code == .authenticationFailed
        }
        await client.shutdown()
        return replies
    }
}

/// Polls a condition until it is met, for at most 10 seconds.
private func poll(_ failure: String, until condition: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(10)
    while !(try await condition()) {
        guard ContinuousClock.now < deadline else { throw PrivateRedisError(description: failure) }
        try await Task.sleep(for: .milliseconds(5))
    }
}

/// Returns a currently free port of 127.0.0.1.
package func freePort() async throws -> Int {
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .bind(host: "127.0.0.1", port: 0).get()
    let port = channel.localAddress?.port
    try await channel.close()
    guard let port else { throw PrivateRedisError(description: "no free port on 127.0.0.1") }
    return port
}
