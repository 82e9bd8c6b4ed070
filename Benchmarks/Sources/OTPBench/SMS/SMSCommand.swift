// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation

/// Compares the client of Alibaba Cloud SMS with a bare HTTP client and with Alibaba's SDK.
struct SMSCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sms",
        abstract: "Compare the client of Alibaba Cloud SMS with plain AsyncHTTPClient and Alibaba's Python SDK."
    )

    @Option(help: "The number of rounds of which medians are taken.")
    var rounds = 5

    @Option(help: "The number of messages in a round.")
    var messages = 5000

    @Option(help: "The number of concurrent messages.")
    var tasks = 64

    @Option(help: ArgumentHelp("A Python that has the SDK; without it the SDK is left out.", valueName: "path"))
    var sdk: String?

    @Flag(help: "Print one JSON object, and nothing else, on standard output.")
    var json = false

    func validate() throws {
        guard self.rounds > 0, self.messages > 0, self.tasks > 0 else {
            throw ValidationError("The numbers must be positive.")
        }
    }

    func run() async throws {
        let machine = await Machine.current()
        let samples = try await ChildProcess.run(["emulator"]) { emulator in
            let rounds = try SMSRounds(
                .init(rounds: self.rounds, messages: self.messages, tasks: self.tasks, python: self.sdk),
                url: emulator.firstLine
            )
            return try await rounds.run { text in
                FileHandle.standardError.write(Data("bench: \(text)\n".utf8))
            }
        }
        let report = SMSReport(machine: machine, rounds: self.rounds, tasks: self.tasks, samples: samples)
        print(self.json ? try report.json : report.table)
    }
}

/// The figures of the client of Alibaba Cloud SMS.
struct SMSReport: Figures {
    var machine: Machine
    var figures: [String: Double]
    private var rounds: Int
    private var tasks: Int

    init(machine: Machine, rounds: Int, tasks: Int, samples: Samples) {
        self.machine = machine
        self.figures = samples.medians
        self.rounds = rounds
        self.tasks = tasks
    }

    var table: String {
        var lines = [self.machine.line, "medians of \(self.rounds) rounds, \(self.tasks) under way at once"]
        let titles = ["sends/s", "client us", "p50 us", "p99 us"]
        lines.append(pad("", 18) + titles.map { pad($0, 12, right: true) }.joined())
        for (title, name) in [("AlibabaSMSClient", "client"), ("AsyncHTTPClient", "plain"), ("Python SDK", "sdk")] {
            let cells = ["PerSecond", "Microseconds", "P50Microseconds", "P99Microseconds"]
                .map { suffix in
                    pad(self.figures[name + suffix].map { format($0, 0) } ?? "-", 12, right: true)
                }
            lines.append(pad(title, 18) + cells.joined())
        }
        let ratio = self.figures["ratio"].map { format($0, 2) } ?? "-"
        lines.append("sends per second, AlibabaSMSClient / AsyncHTTPClient: \(ratio)")
        return lines.joined(separator: "\n")
    }
}
