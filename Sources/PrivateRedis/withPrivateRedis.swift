// SPDX-License-Identifier: Apache-2.0

import Subprocess
import SystemPackage

/// Runs a closure with a private `redis-server`.
///
/// The server stores no data on disk, and listens on a Unix domain socket in a private folder. When the closure returns or this
/// process dies, the server ends and the folder is deleted. The folder is created in `TMPDIR`, or in `/tmp` if `TMPDIR` is not
/// set.
///
/// - Parameters:
///   - arguments: Additional arguments for `redis-server`, such as `["--requirepass", "secret"]`.
///   - environment: Additional environment variables for the server.
///   - listensOnTCP: Whether the server also listens on a free port of 127.0.0.1.
///   - body: The closure, which receives the server.
/// - Returns: The result of the closure.
/// - Throws: ``PrivateRedisError`` if the server does not start, or the error of the closure.
package func withPrivateRedis<Result: Sendable>(
    arguments: [String] = [],
    environment: [String: String] = [:],
    listensOnTCP: Bool = false,
    _ body: (PrivateRedisServer) async throws -> Result
) async throws -> Result {
    try await requireRedisServer()
    let port = listensOnTCP ? try await freePort() : nil
    let supervisor = PrivateRedisSupervisor(folder: PrivateRedisSupervisor.newFolder())
    try supervisor.checkSocketPath()
    var variables: [Subprocess.Environment.Key: String?] = [:]
    for (name, value) in environment {
        variables[Subprocess.Environment.Key(stringLiteral: name)] = value
    }
    var options = PlatformOptions()
    // The shell has its own process group, so that Control-C does not end the server before this process.
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
        // An error is ignored, because the input is already closed if the shell has ended.
        try? await execution.standardInputWriter.finish()
        return result
    }
    do {
        return try execution.closureResult.get()
    } catch let failure as StartFailure {
        throw failure.error(in: supervisor.folder, shellOutput: execution.standardError)
    }
}

/// Throws an error unless `PATH` contains `redis-server`.
func requireRedisServer(in environment: Subprocess.Environment = .inherit) async throws(PrivateRedisError) {
    do {
        _ = try await Executable.name("redis-server").resolveExecutablePath(in: environment)
    } catch {
        throw PrivateRedisError(
            description: "redis-server is not on PATH; install it with: sudo apt-get install redis-server",
            isNotInstalled: true
        )
    }
}

/// The error of a failed start, with the output of the server.
struct StartFailure: Error {
    var output: String

    fileprivate func error(in folder: String, shellOutput: String) -> PrivateRedisError {
        var lines = (self.output + "\n" + shellOutput).split(separator: "\n").suffix(5).joined(separator: " ")
        if lines.isEmpty { lines = "it ended without a message" }
        return PrivateRedisError(description: "redis-server did not start in \(folder): \(lines)")
    }
}
