// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import GuardSimulation

struct SimulatePumpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pump",
        abstract: "Print the messages that SMS pumping gets from the guard, and the users that it refuses.",
        discussion: """
            Each row states the messages that the limits of each number alone would send, the bound by analysis, and the \
            measurement with the standard rules. Nothing is sent, and no server is needed.

            EXAMPLES
              otp simulate pump
              otp simulate pump --seed 7 --json
            """
    )

    @OptionGroup var common: CommonOptions

    @Option(help: "The seed of the random numbers, addresses and times. Equal seeds yield equal results.")
    var seed: UInt64 = 1

    func run() async throws {
        try await self.common.run { output in
            var rows: [PumpExperiment.Row] = []
            for experiment in PumpExperiment.standard { rows.append(try await experiment.run(seed: self.seed)) }
            try output.show(rows, lines: Self.table(rows))
        }
    }

    private static func table(_ rows: [PumpExperiment.Row]) -> String {
        let head = [
            "traffic", "requests", "baseline", "bound", "sent", "blocked after", "users", "refused", "challenged",
        ]
        let lines = rows.map { row in
            let attack = row.attackRequests > 0
            return [
                row.name,
                attack ? "\(row.attackRequests)" : "–", attack ? "\(row.baseline)" : "–",
                row.bound.map(String.init) ?? "–", attack ? "\(row.attackSends)" : "–",
                row.secondsToBlock.map { "\($0) s" } ?? "–",
                row.users > 0 ? "\(row.users)" : "–", row.users > 0 ? "\(row.refusedUsers)" : "–",
                row.users > 0 ? "\(row.challengedUsers)" : "–",
            ]
        }
        let all = [head] + lines
        let widths = head.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return
            all.map { cells in
                cells.enumerated()
                    .map { column, cell in
                        let padding = String(repeating: " ", count: widths[column] - cell.count)
                        return column == 0 ? cell + padding : padding + cell
                    }
                    .joined(separator: "  ")
            }
            .joined(separator: "\n")
    }
}
