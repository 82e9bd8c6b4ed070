// SPDX-License-Identifier: Apache-2.0

import Foundation
import Subprocess

/// A run of `wrk`, which sends requests over keep-alive connections as fast as the server responds.
struct WebLoad: Decodable {
    /// The number of responses.
    var requests: Int

    /// The number of responses with a status of 400 or above.
    var refusals: Int

    /// The number of requests without a response.
    var failures: Int

    /// The duration in seconds.
    var seconds: Double

    /// The 99th percentile of the latency, in microseconds.
    var p99: Double

    var perSecond: Double { Double(self.requests) / self.seconds }

    /// Runs `wrk` with the script `http_load.lua`.
    ///
    /// - Parameters:
    ///   - url: The URL of the requests.
    ///   - connections: The number of connections.
    ///   - seconds: The duration.
    ///   - core: The index of the core for `wrk`.
    ///   - arguments: The arguments of the script.
    /// - Returns: The result.
    /// - Throws: An error if `wrk` returns no result.
    static func run(_ url: String, connections: Int, seconds: Int, core: Int, _ arguments: [String]) async throws
        -> Self
    {
        let options = [
            "--cpu-list", String(core), "wrk", "--threads", "1", "--connections", String(connections), "--duration",
            "\(seconds)s", "--timeout", "10s", "--script", "http_load.lua", url, "--",
        ]
        let record = try await Subprocess.run(
            .name("taskset"),
            arguments: Arguments(options + arguments),
            output: .string(limit: 1 << 16),
            error: .string(limit: 1 << 16)
        )
        guard record.terminationStatus.isSuccess, let line = record.standardOutput.split(separator: "\n").last,
            let load = try? JSONDecoder().decode(Self.self, from: Data(line.utf8))
        else { throw BenchError("wrk ended without figures: \(record.standardError)") }
        return load
    }
}
