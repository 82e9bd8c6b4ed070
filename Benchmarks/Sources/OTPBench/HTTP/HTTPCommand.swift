// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation

/// Compares the HTTP service with a bare Hummingbird application.
struct HTTPCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "http",
        abstract: "Compare the HTTP service with a bare Hummingbird application that returns its JSON body.",
        discussion: "Requires wrk and taskset, and two cores: one for the server, one for wrk and Redis."
    )

    @Option(help: "The number of rounds of which medians are taken.")
    var rounds = 5

    @Option(help: "The duration of a run in seconds, at most 8.")
    var seconds = 4

    @Option(help: "The number of connections.")
    var connections = 64

    @Flag(help: "Print one JSON object, and nothing else, on standard output.")
    var json = false

    func validate() throws {
        guard self.rounds > 0, (1...8).contains(self.seconds), (1...1000).contains(self.connections) else {
            throw ValidationError("There must be at least one round, 1 to 8 seconds, and 1 to 1000 connections.")
        }
    }

    func run() async throws {
        let machine = await Machine.current()
        let plan = HTTPRounds.Plan(rounds: self.rounds, seconds: self.seconds, connections: self.connections)
        let samples = try await withTemporaryFolder { folder in
            try await RedisServer.run(core: HTTPRounds.loadCore) { redis in
                try await HTTPRounds(plan, redis: redis, folder: folder)
                    .run { text in
                        FileHandle.standardError.write(Data("bench: \(text)\n".utf8))
                    }
            }
        }
        let report = HTTPReport(machine: machine, plan: plan, samples: samples)
        print(self.json ? try report.json : report.table)
    }
}

/// The figures of the HTTP service.
struct HTTPReport: Figures {
    /// The minimum ratios of requests per second to those of the echo server.
    private static let goals = [("verify", 0.98), ("issue", 0.8), ("guardedIssue", 0.5)]

    /// The figures of otpgateway (github.com/knadh/otpgateway), a verification service in Go.
    ///
    /// They were measured in November 2026 on another machine with two cores, also with `wrk`, Redis and 64 connections. Its
    /// *verify* is a right code.
    private static let otpgateway =
        "otpgateway, on another machine: verify 8,100 requests/s (p99 16.5 ms), "
        + "issue 7,100 requests/s (p99 15.7 ms)"

    var machine: Machine
    var figures: [String: Double]
    private let plan: HTTPRounds.Plan

    init(machine: Machine, plan: HTTPRounds.Plan, samples: Samples) {
        self.machine = machine
        self.figures = samples.medians
        self.plan = plan
    }

    private func text(_ name: String, _ digits: Int) -> String {
        self.figures[name].map { format($0, digits) } ?? "-"
    }

    var table: String {
        var lines = [
            self.machine.line,
            "medians of \(self.plan.rounds) rounds of \(self.plan.seconds) s, \(self.plan.connections) connections; "
                + "others kept \(self.text("foreignCores", 2)) cores busy meanwhile",
            pad("", 16)
                + ["requests/s", "of echo", "p99 us", "of echo", "CPU us"].map { pad($0, 11, right: true) }.joined(),
        ]
        for name in ["echo", "verify", "issue", "guardedIssue"] {
            let cells = [
                self.text("\(name)PerSecond", 0), self.text("\(name)PerSecondRatio", 2), self.text("\(name)P99", 0),
                self.text("\(name)P99Ratio", 2), self.text("\(name)Microseconds", 1),
            ]
            lines.append(pad(name, 16) + cells.map { pad($0, 11, right: true) }.joined())
        }
        lines.append(Self.otpgateway)
        for (name, least) in Self.goals {
            let ratio = self.figures["\(name)PerSecondRatio"] ?? 0
            let slowness = self.figures["\(name)P99Ratio"] ?? .infinity
            lines.append(
                "goal: \(name) at least \(format(least, 2)) of the echo: \(ratio >= least ? "met" : "MISSED"), "
                    + "p99 at most 2 times the echo's: \(slowness <= 2 ? "met" : "MISSED")"
            )
        }
        return lines.joined(separator: "\n")
    }
}
