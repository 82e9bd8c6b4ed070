// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTP
import OTPServer
import SMSKit

/// Sends requests to a bare echo server, to the HTTP service, and to the HTTP service with a guard, in turn.
///
/// The measured server uses one core. `wrk` and Redis use the other core.
final class HTTPRounds {
    /// The amount of work.
    struct Plan {
        var rounds: Int
        /// The duration of one run.
        var seconds: Int
        var connections: Int
    }

    /// A server and one kind of request to it.
    struct Case {
        /// The name of the figures.
        var name: String
        /// The arguments of ``HTTPServerCommand``.
        var server: [String]
        /// The arguments of the `wrk` script without the API key.
        var kind: String
    }

    private static let serverCore = 0

    /// The core of `wrk` and Redis.
    static let loadCore = 1

    /// The number of challenges, with 5 attempts each.
    private static let targets = 60_000

    private let plan: Plan
    private let redis: RedisServer
    private let connection: RawConnection
    private let keys: String
    private let apiKey: (key: APIKey, text: String)
    private let folder: String
    private var samples = Samples()

    /// The file with the phone numbers and tokens for `verify`.
    private var targetFile: String { "\(self.folder)/targets" }

    /// The index of the first unused phone number.
    private var unused = 0

    init(_ plan: Plan, redis: RedisServer, folder: String) throws {
        self.plan = plan
        self.redis = redis
        self.connection = try RawConnection(port: redis.port)
        self.keys = KeyRing.makeText()
        self.apiKey = try APIKey.generate(id: "bench", scopes: [.issue, .verify])
        self.folder = folder
    }

    /// Runs a warm-up round, whose figures are ignored, and then all rounds.
    func run(progress: (String) -> Void) async throws -> Samples {
        let service = ["otp", "--url", self.redis.url, "--keys", self.keys, "--api-key", self.apiKey.key.entry]
        let cases = [
            Case(name: "echo", server: ["echo"], kind: "echo"),
            Case(name: "verify", server: service, kind: "verify"),
            Case(name: "issue", server: service, kind: "issue"),
            Case(name: "guardedIssue", server: service + ["--guarded"], kind: "issue"),
        ]
        for round in 0...self.plan.rounds {
            progress(round == 0 ? "warming up" : "round \(round) of \(self.plan.rounds)")
            var figures: [String: Double] = [:]
            let before = ProcessorUse.current(server: try ServerMeter.processorTime(self.connection))
            for measured in round % 2 == 0 ? cases : cases.reversed() {
                try await self.run(measured, into: &figures)
            }
            let after = ProcessorUse.current(server: try ServerMeter.processorTime(self.connection))
            guard round > 0 else { continue }
            for (name, value) in figures { self.samples.add(name, value) }
            self.samples.add("foreignCores", before.foreignCores(until: after))
            for name in cases.dropFirst().map(\.name) {
                for figure in ["PerSecond", "P99"] {
                    guard let value = figures["\(name)\(figure)"], let echo = figures["echo\(figure)"] else { continue }
                    self.samples.add("\(name)\(figure)Ratio", value / echo)
                }
            }
        }
        return self.samples
    }

    private func run(_ measured: Case, into figures: inout [String: Double]) async throws {
        let load: WebLoad
        let processorTime: Double
        var warmUp = 0
        // A server reads the clock record of the store when it starts, so the record must not be deleted afterwards.
        try self.connection.call("FLUSHALL")
        (load, processorTime) = try await ChildProcess.run(["http-server"] + measured.server, core: Self.serverCore) {
            server in
            try await self.prepare(measured.kind)
            // The first requests of a process also load its pages and fill its caches.
            warmUp = try await self.send(measured.kind, to: server, seconds: 1).requests
            try self.connection.call("CONFIG", "RESETSTAT")
            let before = try server.processorTime
            let load = try await self.send(measured.kind, to: server, seconds: self.plan.seconds)
            return (load, try server.processorTime - before)
        }
        try self.check(load, measured.kind, warmUp: warmUp)
        figures["\(measured.name)PerSecond"] = load.perSecond
        figures["\(measured.name)P99"] = load.p99
        figures["\(measured.name)Microseconds"] = processorTime * 1e6 / Double(load.requests)
    }

    /// Sends requests to a server, with unused phone numbers.
    private func send(_ kind: String, to server: ChildProcess, seconds: Int) async throws -> WebLoad {
        let arguments = ["issue": [String(self.unused)], "verify": [self.targetFile]][kind] ?? []
        let load = try await WebLoad.run(
            "http://127.0.0.1:\(server.firstLine)",
            connections: self.plan.connections,
            seconds: seconds,
            core: Self.loadCore,
            [kind, self.apiKey.text] + arguments
        )
        self.unused += load.requests + self.plan.connections
        return load
    }

    /// Issues the challenges for a run of `verify`.
    private func prepare(_ kind: String) async throws {
        guard kind == "verify" else { return }
        let population = try await Population.make(
            Self.targets,
            url: self.redis.url,
            keys: try KeyRing(text: self.keys),
            port: self.redis.port
        )
        let lines = population.targets.map { "\($0.number.e164) \($0.token.text)" }
        try Data(lines.joined(separator: "\n").utf8).write(to: URL(filePath: self.targetFile))
    }

    /// Checks that every response has the expected status, and that every attempt was compared with a code.
    private func check(_ load: WebLoad, _ kind: String, warmUp: Int) throws {
        let refusals = kind == "verify" ? load.requests : 0
        guard load.failures == 0, load.requests > 0, abs(load.refusals - refusals) <= self.plan.connections else {
            throw BenchError("\(kind): \(load.requests) requests, \(load.refusals) refusals, \(load.failures) failures")
        }
        guard kind == "verify" else { return }
        let writes = try self.connection.calls()["append"] ?? 0
        // Both runs begin with the first challenge.
        guard warmUp <= Self.targets, load.requests <= 4 * Self.targets,
            abs(writes - load.requests) <= self.plan.connections
        else {
            throw BenchError("verify: \(writes) attempts of \(load.requests) requests were counted")
        }
    }
}
