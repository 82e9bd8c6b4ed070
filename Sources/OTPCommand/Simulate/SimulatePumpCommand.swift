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
        let lines = [head] + rows.map(Self.cells(of:))
        let widths = head.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        return lines.map { Self.line($0, widths) }.joined(separator: "\n")
    }

    private static func cells(of row: PumpExperiment.Row) -> [String] {
        func shown(_ number: Int?, if isPresent: Bool = true) -> String {
            guard let number, isPresent else { return "–" }
            return "\(number)"
        }
        let (isAttack, hasUsers) = (row.attackRequests > 0, row.users > 0)
        return [
            row.name,
            shown(row.attackRequests, if: isAttack),
            shown(row.baseline, if: isAttack),
            shown(row.bound),
            shown(row.attackSends, if: isAttack),
            row.secondsToBlock.map { "\($0) s" } ?? "–",
            shown(row.users, if: hasUsers),
            shown(row.refusedUsers, if: hasUsers),
            shown(row.challengedUsers, if: hasUsers),
        ]
    }

    /// Joins the cells of a row, with the first cell aligned to the left and all others to the right.
    private static func line(_ cells: [String], _ widths: [Int]) -> String {
        var padded: [String] = []
        for (cell, width) in zip(cells, widths) {
            let padding = String(repeating: " ", count: width - cell.count)
            padded.append(padded.isEmpty ? cell + padding : padding + cell)
        }
        return padded.joined(separator: "  ")
    }
}
