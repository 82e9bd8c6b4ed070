// SPDX-License-Identifier: Apache-2.0

/// The work of a server during a measurement.
struct ServerMeter {
    /// Processor time in seconds.
    var processorTime: Double

    /// How often scripts were run.
    var scripts: Int

    /// Calls of other commands per script.
    var callsPerScript: [String: Double]

    /// Runs a closure and measures.
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

    /// Whether the scripts did the same.
    ///
    /// Only the first attempt of a number puts off the end of its record. How many attempts are first ones depends on the
    /// numbers that were drawn, by about 0.25% of all calls (one standard deviation of the difference).
    func isLike(_ other: ServerMeter) -> Bool {
        Set(self.callsPerScript.keys).union(other.callsPerScript.keys)
            .allSatisfy { name in
                abs((self.callsPerScript[name] ?? 0) - (other.callsPerScript[name] ?? 0)) < 0.015
            }
    }

    /// The processor time that the server has used since it started, in seconds.
    static func processorTime(_ connection: RawConnection) throws -> Double {
        let values = try connection.info("cpu")
        return ["used_cpu_user", "used_cpu_sys"].reduce(0) { $0 + (values[$1].flatMap { Double($0) } ?? 0) }
    }
}
