// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation

/// Measures the cost of the guard.
struct GuardCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "guard",
        abstract: "Measure the decisions of the guard, and OTPService with and without it."
    )

    @Option(help: "The number of rounds of which medians are taken.")
    var rounds = 5

    @Option(help: "The number of calls of each kind in a round, at most 60000.")
    var calls = 30_000

    @Flag(help: "Print one JSON object, and nothing else, on standard output.")
    var json = false

    func validate() throws {
        guard self.rounds > 0, (1...60_000).contains(self.calls) else {
            throw ValidationError("There must be at least one round, and 1 to 60000 calls.")
        }
    }

    func run() async throws {
        let machine = await Machine.current()
        let samples = try await RedisServer.run { server in
            let rounds = try GuardRounds(calls: self.calls, server: server)
            return try await rounds.run(self.rounds) { text in
                FileHandle.standardError.write(Data("bench: \(text)\n".utf8))
            }
        }
        let report = GuardReport(machine: machine, rounds: self.rounds, samples: samples)
        print(self.json ? try report.json : report.table)
    }
}

/// The figures of the guard.
struct GuardReport: Figures {
    var machine: Machine
    var figures: [String: Double]
    private let rounds: Int

    init(machine: Machine, rounds: Int, samples: Samples) {
        self.machine = machine
        self.figures = samples.medians
        self.rounds = rounds
    }

    var table: String {
        [
            self.machine.line,
            "medians of \(self.rounds) rounds, 64 tasks; others kept \(self.text("foreignCores", 2)) cores busy meanwhile",
            "decisions per second of one Redis core: \(self.text("guardDecisionsPerCore", 0))"
                + " (\(self.text("guardServerMicroseconds", 1)) us of CPU time each)",
            self.comparison("Issue", "issue"),
            self.comparison("Verify", "verify of wrong codes from one source"),
            self.comparison("RightVerify", "verify of right codes from 10,000 addresses"),
        ]
        .joined(separator: "\n")
    }

    /// Returns a line that compares the calls with and without the guard.
    private func comparison(_ name: String, _ description: String) -> String {
        """
        \(description): with the guard \(self.text("guarded\(name)PerSecond", 0)) a second and \
        \(self.text("guarded\(name)Microseconds", 1)) us of CPU time, without \
        \(self.text("plain\(name)PerSecond", 0)) and \(self.text("plain\(name)Microseconds", 1)) us; ratios \
        \(self.text("guarded\(name)Ratio", 3)) and \(self.text("guarded\(name)ProcessorRatio", 3))
        """
    }

    private func text(_ name: String, _ digits: Int) -> String {
        self.figures[name].map { format($0, digits) } ?? "-"
    }
}
