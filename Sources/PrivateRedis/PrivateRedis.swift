import Foundation
import Hiredis
import NIOCore
import NIOPosix
import Subprocess
import SystemPackage

/// Why a private Redis did not start.
package struct PrivateRedisError: Error, CustomStringConvertible {
    /// What happened, and what to do about it.
    package let description: String
}

/// Runs a `redis-server` of one's own while a closure runs.
///
/// It listens on a Unix domain socket in a folder that only this user can enter, keeps nothing on disk, and is gone with its folder when the
/// closure returns, or when this process dies in whatever way. A Redis that runs on the machine already is never touched.
/// The folder is in the one that `TMPDIR` names, or in `/tmp`.
/// - Parameters:
///   - arguments: More arguments for `redis-server`, such as `["--requirepass", "secret"]`.
///   - environment: Variables to set for it.
///   - listensOnTCP: Whether it also listens on a free port of 127.0.0.1.
///   - body: What to do while the server runs.
/// - Returns: What the closure returns.
/// - Throws: ``PrivateRedisError`` if the server does not start, or what the closure throws.
package func withPrivateRedis<Result: Sendable>(
    arguments: [String] = [],
    environment: [String: String] = [:],
    listensOnTCP: Bool = false,
    _ body: (PrivateRedisServer) async throws -> Result
) async throws -> Result {
    do {
        _ = try await Executable.name("redis-server").resolveExecutablePath(in: .inherit)
    } catch {
        throw PrivateRedisError(
            description: "redis-server is not on PATH; install it with: sudo apt-get install redis-server"
        )
    }
    let port = listensOnTCP ? try await freePort() : nil
    let supervisor = PrivateRedisSupervisor(folder: PrivateRedisSupervisor.newFolder())
    try supervisor.checkSocketPath()
    var variables: [Subprocess.Environment.Key: String?] = [:]
    for (name, value) in environment {
        variables[Subprocess.Environment.Key(stringLiteral: name)] = value
    }
    var options = PlatformOptions()
    // A group of its own, so that Control-C ends our process first, and that ends the server.
    options.processGroupID = 0
    options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(5))]
    let execution = try await run(
        .path("/bin/sh"),
        arguments: Arguments(supervisor.shellArguments(port: port, arguments)),
        environment: .inherit.updating(variables),
        platformOptions: options,
        input: .inputWriter,
        output: .discarded,
        error: .string(limit: 1 << 16)
    ) { execution -> Swift.Result<Result, any Error> in
        let server = PrivateRedisServer(
            socketPath: supervisor.socketPath,
            port: port,
            supervisor: supervisor,
            shell: execution.processIdentifier.value,
            orders: execution.standardInputWriter
        )
        let result: Swift.Result<Result, any Error>
        do {
            try await server.waitUntilReady()
            result = .success(try await body(server))
        } catch {
            result = .failure(error)
        }
        // If the shell has ended, its input is closed already.
        try? await execution.standardInputWriter.finish()
        return result
    }
    do {
        return try execution.closureResult.get()
    } catch let failure as StartFailure {
        throw failure.error(in: supervisor.folder, shellWords: execution.standardError)
    }
}

/// A start that failed; the shell's part of the explanation comes when it has ended.
private struct StartFailure: Error {
    var words: String

    func error(in folder: String, shellWords: String) -> PrivateRedisError {
        var words = (self.words + "\n" + shellWords).split(separator: "\n").suffix(5).joined(separator: " ")
        if words.isEmpty { words = "it ended without a message" }
        return PrivateRedisError(description: "redis-server did not start in \(folder): \(words)")
    }
}

/// A Redis server that belongs to this process.
package struct PrivateRedisServer: Sendable {
    /// The path of its socket.
    package let socketPath: String

    /// Its port on 127.0.0.1, if it was asked to have one.
    package let port: Int?

    let supervisor: PrivateRedisSupervisor
    /// The process of the shell that starts and removes it.
    let shell: Int32
    let orders: StandardInputWriter

    /// Its address, in the form `unix:///path`, percent-encoded.
    package var url: String {
        let path = self.socketPath.utf8.map { byte in
            byte > 0x7E || " %?#".utf8.contains(byte) ? "%" + String(byte, radix: 16) : String(UnicodeScalar(byte))
        }
        return "unix://" + path.joined()
    }

    /// The number of its process, or 0 while it is stopped.
    package var processID: Int32 { self.supervisor.processID ?? 0 }

    /// Sends a signal to it, such as `SIGSTOP`.
    package func signal(_ signal: Int32) {
        // 0 and less would be groups of processes.
        guard let processID = self.supervisor.processID, processID > 0 else { return }
        kill(processID, signal)
    }

    /// Kills it, and returns when its socket is gone; its data is lost.
    package func stop() async throws {
        try await self.order("stop")
        try await poll("It did not stop.") {
            !FileManager.default.fileExists(atPath: self.socketPath) && self.processID == 0
        }
    }

    /// Starts it again after ``stop()``, on the same socket and port, and returns when it answers.
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
            guard isAlive(self.shell) else { throw StartFailure(words: self.supervisor.lastWords) }
            if let processID = self.supervisor.processID {
                guard isAlive(processID) else { throw StartFailure(words: self.supervisor.lastWords) }
                if await self.answers() { return }
            }
            try await Task.sleep(for: .milliseconds(5))
        }
        throw StartFailure(words: "it did not answer for \(limit.components.seconds) s\n\(self.supervisor.lastWords)")
    }

    private func answers() async -> Bool {
        let client = RedisClient(
            configuration: RedisConfiguration(endpoint: .unixSocket(path: self.socketPath)),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton.next()
        )
        let answers: Bool
        do throws(RedisError) {
            _ = try await client.send("PING")
            answers = true
        } catch {
            // A server that wants a password first is up, too.
            answers = error.code == .server || error.code == .authenticationFailed
        }
        await client.shutdown()
        return answers
    }
}

/// Waits for a condition, but not for ever.
private func poll(_ failure: String, until condition: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(10)
    while !(try await condition()) {
        guard ContinuousClock.now < deadline else { throw PrivateRedisError(description: failure) }
        try await Task.sleep(for: .milliseconds(5))
    }
}

/// Finds a port of 127.0.0.1 that nobody uses at this moment.
package func freePort() async throws -> Int {
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .bind(host: "127.0.0.1", port: 0).get()
    let port = channel.localAddress?.port
    try await channel.close()
    guard let port else { throw PrivateRedisError(description: "There is no free port on 127.0.0.1.") }
    return port
}
