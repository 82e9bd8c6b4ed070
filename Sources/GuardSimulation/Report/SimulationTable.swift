// SPDX-License-Identifier: Apache-2.0

/// A table with the results of simulations.
package struct SimulationTable: Sendable {
    /// A column of the table.
    package struct Column: Sendable, Hashable {
        /// The key of the column in JSON.
        package let key: String

        /// The heading of the column.
        package let title: String

        /// Whether charts contain bars for the column.
        package var isCharted = false
    }

    /// The name of the simulation, such as `pump`.
    package let name: String

    /// The columns.
    ///
    /// The first column contains the names of the rows.
    package let columns: [Column]

    /// The cells of each row, one for each column.
    package let rows: [[Cell]]

    /// Returns the cells of the column with a key; an empty list if the table has no such column.
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

    /// Encodes the name of the simulation, and each row as an object.
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
