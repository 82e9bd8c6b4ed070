// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A bar chart of a table.
///
/// The scale is logarithmic, because attacks differ by powers of ten.
package struct SimulationChart: Sendable {
    struct Bar: Sendable {
        let title: String
        let text: String
        /// The length of the bar, as a share of the longest bar.
        let length: Double
    }

    let name: String
    let groups: [(name: String, bars: [Bar])]

    /// Creates a chart of the columns for which ``SimulationTable/Column/isCharted`` is `true`.
    package init(_ table: SimulationTable) {
        let charted = table.columns.indices.filter { table.columns[$0].isCharted }
        let values = table.rows.flatMap { row in charted.compactMap { row[$0].magnitude } }.filter { $0 > 0 }
        // The scale begins below the smallest value, so that the smallest value also has a bar.
        let (low, high) = (log10((values.min() ?? 1) / 2), log10(values.max() ?? 1))
        func length(_ value: Double) -> Double { value > 0 && high > low ? (log10(value) - low) / (high - low) : 0 }
        self.name = table.name
        self.groups = table.rows
            .map { row in
                let bars = charted.compactMap { index -> Bar? in
                    guard let value = row[index].magnitude else { return nil }
                    return Bar(title: table.columns[index].title, text: row[index].text, length: length(value))
                }
                return (row[0].text, bars)
            }
            .filter { !$0.1.isEmpty }
    }

    /// The chart as plain text.
    package var text: String {
        let width = self.groups.flatMap(\.bars).map(\.title.count).max() ?? 0
        return self.groups
            .map { group in
                let bars = group.bars.map { bar in
                    let title = bar.title + String(repeating: " ", count: width - bar.title.count)
                    let length = Int((bar.length * 50).rounded(.up))
                    return "  \(title)  \(String(repeating: "█", count: length))\(length > 0 ? " " : "")\(bar.text)"
                }
                return ([group.name] + bars).joined(separator: "\n")
            }
            .joined(separator: "\n")
    }
}
