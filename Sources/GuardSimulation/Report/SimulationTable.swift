// SPDX-License-Identifier: Apache-2.0

/// The results of simulations, as a table with typed cells.
package struct SimulationTable: Sendable {
    /// A column.
    package struct Column: Sendable, Hashable {
        /// The name of the value in JSON.
        package let key: String

        /// The heading.
        package let title: String

        /// Whether a chart shows the column as bars.
        package var isCharted = false
    }

    /// The name of the simulation, such as `pump`.
    package let name: String

    /// The columns.
    ///
    /// The cells of the first column name the rows.
    package let columns: [Column]

    /// The cells of each row, one for each column.
    package let rows: [[Cell]]

    /// The cells of a column.
    package func cells(_ key: String) -> [Cell] {
        guard let index = self.columns.firstIndex(where: { $0.key == key }) else { return [] }
        return self.rows.map { $0[index] }
    }
}

extension SimulationTable: Encodable {
    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(_ text: String) { self.stringValue = text }
        init?(stringValue: String) { self.init(stringValue) }
        init?(intValue: Int) { nil }
    }

    /// Encodes the name, and each row as an object.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(self.name, forKey: Key("simulation"))
        var rows = container.nestedUnkeyedContainer(forKey: Key("rows"))
        for cells in self.rows {
            var row = rows.nestedContainer(keyedBy: Key.self)
            for (column, cell) in zip(self.columns, cells) where cell != .empty {
                try row.encode(cell, forKey: Key(column.key))
            }
        }
    }
}
