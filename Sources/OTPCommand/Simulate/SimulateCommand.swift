// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import GuardSimulation
import OTPEnvironment

struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Run attacks and users against the limits, in this process and on a virtual clock.",
        discussion: """
            Prints each measurement next to its bound by analysis and next to two baselines: the limits of each number only, \
            and the published rules of Authgear. Nothing is sent. Equal seeds yield equal results.

            ATTACKS
            \(SimulatedAttack.table)

            EXAMPLES
              otp simulate pump
              otp simulate guess --runs 100000 --seed 7 --json
              otp simulate launch --chart --svg launch.svg
              otp simulate race --redis redis://127.0.0.1:6379
              otp simulate --all --markdown
            """
    )

    @OptionGroup var common: CommonOptions

    @Argument(help: "The attack.")
    var attack: SimulatedAttack?

    @Flag(help: "Run all attacks.")
    var all = false

    @Option(help: "The seed of the random numbers, addresses, codes and times.")
    var seed: UInt64 = 1

    @Option(help: "The number of runs, 1 to 10,000,000; the default depends on the attack.")
    var runs: Int?

    @Flag(help: "Print the tables in Markdown.")
    var markdown = false

    @Flag(help: "Print bar charts, too.")
    var chart = false

    @Option(help: ArgumentHelp("Write the bar charts to an SVG file.", valueName: "file"))
    var svg: String?

    @Option(help: ArgumentHelp("Run the race on this Redis, under a key prefix of its own.", valueName: "url"))
    var redis: String?

    func validate() throws {
        guard (self.attack != nil) != self.all else { throw ValidationError("name an attack, or use --all") }
        guard (1...10_000_000).contains(self.runs ?? 1) else {
            throw ValidationError("--runs must be 1 to 10000000")
        }
        guard self.redis == nil || self.all || self.attack == .race else {
            throw ValidationError("--redis is for the attack race only: all others run on a virtual clock")
        }
    }

    func run() async throws {
        try await self.common.run { output in
            let attacks = self.attack.map { [$0] } ?? SimulatedAttack.allCases
            var tables: [SimulationTable] = []
            for attack in attacks {
                if attacks.count > 1 { output.note("simulating \(attack.rawValue)") }
                tables.append(try await attack.table(seed: self.seed, runs: self.runs, redis: self.redis))
            }
            try self.writeSVG(of: tables)
            let text = tables.map(self.text).joined(separator: "\n\n")
            if let table = tables.first, tables.count == 1 {
                try output.show(table, lines: text)
            } else {
                try output.show(tables, lines: text)
            }
        }
    }

    private func text(of table: SimulationTable) -> String {
        var parts = [self.markdown ? table.markdown : table.text]
        if self.all { parts.insert(self.markdown ? self.heading(of: table) : table.name, at: 0) }
        if self.chart { parts += ["", SimulationChart(table).text] }
        return parts.joined(separator: "\n")
    }

    /// Returns the heading of a table, with the command that prints only this table.
    private func heading(of table: SimulationTable) -> String {
        let runs = self.runs.map { " --runs \($0)" } ?? ""
        return "## \(table.name)\n\n`otp simulate \(table.name) --seed \(self.seed)\(runs)`\n"
    }

    private func writeSVG(of tables: [SimulationTable]) throws {
        guard let path = self.svg else { return }
        do {
            let text = SimulationChart.svg(tables.map { SimulationChart($0) })
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        } catch {
            throw CommandFailure(.error, "outputLost", "the chart cannot be written to \(path)")
        }
    }
}
