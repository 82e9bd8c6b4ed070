// SPDX-License-Identifier: Apache-2.0

/// A table for the terminal, with aligned columns.
struct TextTable {
    private let rows: [[String]]
    private let right: Set<Int>

    /// Creates a table.
    ///
    /// - Parameters:
    ///   - head: The titles of the columns.
    ///   - rows: The rows, with one cell for every column.
    ///   - right: The positions of the columns that are aligned to the right.
    init(_ head: [String], _ rows: [[String]], alignedRight right: Set<Int> = []) {
        self.rows = [head] + rows
        self.right = right
    }

    /// The lines of the table, without trailing spaces.
    var text: String {
        let widths = self.rows[0].indices.map { column in self.rows.map { $0[column].count }.max() ?? 0 }
        return self.rows.map { self.line($0, widths) }.joined(separator: "\n")
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        let padded = cells.indices.map { column in
            let padding = String(repeating: " ", count: widths[column] - cells[column].count)
            return self.right.contains(column) ? padding + cells[column] : cells[column] + padding
        }
        let line = padded.joined(separator: "  ")
        return String(line[..<(line.lastIndex { $0 != " " }.map(line.index(after:)) ?? line.startIndex)])
    }
}
