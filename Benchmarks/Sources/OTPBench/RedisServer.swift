// SPDX-License-Identifier: Apache-2.0

import Foundation
import Subprocess
import SystemPackage

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A `redis-server` of the benchmark, which ends when the closure returns or this process dies.
struct RedisServer {
    let port: Int

    /// The TLS port; `nil` without a certificate.
    let securePort: Int?

    var url: String { "redis://127.0.0.1:\(self.port)" }

    /// Starts a server, and runs a closure with it.
    ///
    /// - Parameters:
    ///   - tool: The command that runs the server, such as `valgrind` with its options; empty to run the server directly.
    ///   - arguments: Additional arguments for `redis-server`.
    ///   - securePort: The TLS port in the arguments.
    ///   - core: The index of the core for the server; `nil` for all cores.
    ///   - body: The closure, which receives the server.
    /// - Returns: The result of the closure.
    /// - Throws: The error of the closure, or an error if the server does not start.
    static func run<Result: Sendable>(
        tool: [String] = [],
        arguments: [String] = [],
        securePort: Int? = nil,
        core: Int? = nil,
        _ body: (RedisServer) async throws -> Result
    ) async throws -> Result {
        let server = RedisServer(port: try Self.freePort(), securePort: securePort)
        let pinning = core.map { ["taskset", "--cpu-list", String($0)] } ?? []
        let command =
            pinning + tool + ["redis-server", "--bind", "127.0.0.1", "--port", String(server.port)]
            + ["--save", "", "--appendonly", "no", "--dir", "/tmp", "--hz", "1", "--dynamic-hz", "no"]
            + ["--maxmemory-policy", "noeviction", "--enable-debug-command", "no"]
        var options = PlatformOptions()
        options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(5))]
        // Control-C must end this process first, which then ends the server. The shell therefore has its own process group.
        options.processGroupID = 0
        let execution = try await Subprocess.run(
            .path("/bin/sh"),
            arguments: Arguments(["-c", Self.supervision, "redis"] + command + arguments),
            platformOptions: options,
            input: .inputWriter,
            output: .discarded,
            error: .discarded
        ) { execution in
            do {
                try await server.waitUntilReady()
                let result = try await body(server)
                try await execution.standardInputWriter.finish()
                return result
            } catch {
                try? await execution.standardInputWriter.finish()
                throw error
            }
        }
        return execution.closureResult
    }

    /// A shell script that ends the server when the pipe from this process closes, and waits until the server has written its
    /// data.
    private static let supervision = """
        trap : HUP INT TERM
        "$@" </dev/null &
        server=$!
        read -r _
        kill -TERM "$server"
        wait "$server"
        """

    private func waitUntilReady() async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline {
            if let connection = try? RawConnection(port: self.port), (try? connection.call("PING")) != nil { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw BenchError("redis-server did not start")
    }

    /// Returns a free port of 127.0.0.1.
    static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 ? getsockname(descriptor, $0, &length) : -1
            }
        }
        guard status == 0 else { throw BenchError("there is no free port") }
        return Int(in_port_t(bigEndian: address.sin_port))
    }
}

extension RawConnection {
    /// Returns the fields of a section of `INFO`, keyed by name.
    func info(_ section: String) throws -> [String: String] {
        guard case .bulk(let bytes) = try self.call("INFO", section) else { return [:] }
        var values: [String: String] = [:]
        for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2 { values[String(parts[0])] = String(parts[1]) }
        }
        return values
    }

    /// Returns the number of calls of each command by scripts and clients since the last reset of the statistics.
    func calls() throws -> [String: Int] {
        var calls: [String: Int] = [:]
        for (name, value) in try self.info("commandstats") {
            let count = value.split(separator: ",").first?.split(separator: "=").last
            calls[String(name.dropFirst("cmdstat_".count))] = count.flatMap { Int($0) }
        }
        return calls
    }
}
