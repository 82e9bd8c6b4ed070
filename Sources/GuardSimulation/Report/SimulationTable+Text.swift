// SPDX-License-Identifier: Apache-2.0

extension SimulationTable {
    private var texts: [[String]] { [self.columns.map(\.title)] + self.rows.map { $0.map(\.text) } }

    /// The table as plain text with aligned columns.
    package var text: String {
        let lines = self.texts
        let widths = self.columns.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        return lines.map { Self.line($0, widths) }.joined(separator: "\n")
    }

    /// The table in Markdown.
    package var markdown: String {
        var lines = self.texts.map { "| \($0.joined(separator: " | ")) |" }
        lines.insert("|" + String(repeating: "---|", count: self.columns.count), at: 1)
        return lines.joined(separator: "\n")
    }

    /// Returns a row with the first cell aligned to the left, and the other cells aligned to the right.
    private static func line(_ cells: [String], _ widths: [Int]) -> String {
        var padded: [String] = []
        for (cell, width) in zip(cells, widths) {
            let padding = String(repeating: " ", count: width - cell.count)
            padded.append(padded.isEmpty ? cell + padding : padding + cell)
        }
        return padded.joined(separator: "  ")
    }
}
