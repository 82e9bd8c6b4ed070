// SPDX-License-Identifier: Apache-2.0

/// The work of a server during a measurement.
struct ServerMeter {
    /// The CPU time in seconds.
    var processorTime: Double

    /// The number of script calls.
    var scripts: Int

    /// The number of calls of other commands per script call, keyed by name.
    var callsPerScript: [String: Double]

    /// Runs a closure, and measures the work of the server.
    static func run<Result>(
        _ connection: RawConnection,
        _ body: () async throws -> Result
    ) async throws -> (Result, ServerMeter) {
        try connection.call("CONFIG", "RESETSTAT")
        let before = try Self.processorTime(connection)
        let result = try await body()
        let after = try Self.processorTime(connection)
        let calls = try connection.calls()
        let scripts = calls["evalsha"] ?? 0
        let ours = ["evalsha", "config|resetstat", "config|get", "info"]
        let others = calls.filter { !ours.contains($0.key) }
        let perScript = others.mapValues { Double($0) / Double(max(scripts, 1)) }
        return (result, ServerMeter(processorTime: after - before, scripts: scripts, callsPerScript: perScript))
    }

    /// Returns whether the scripts of two measurements did the same work.
    ///
    /// A small difference is normal. Only the first attempt for a phone number renews the TTL of its record, and the phone
    /// numbers are selected at random. The share of first attempts therefore differs by about 0.25% of all calls (one standard
    /// deviation).
    func isLike(_ other: ServerMeter) -> Bool {
        Set(self.callsPerScript.keys).union(other.callsPerScript.keys)
            .allSatisfy { name in
                abs((self.callsPerScript[name] ?? 0) - (other.callsPerScript[name] ?? 0)) < 0.015
            }
    }

    /// Returns the CPU time of the server since its start, in seconds.
    static func processorTime(_ connection: RawConnection) throws -> Double {
        let values = try connection.info("cpu")
        return ["used_cpu_user", "used_cpu_sys"].reduce(0) { $0 + (values[$1].flatMap { Double($0) } ?? 0) }
    }
}
