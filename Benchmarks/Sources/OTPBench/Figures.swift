// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The result of one run of the program.
protocol Figures {
    var machine: Machine { get }
    /// All figures, keyed by name.
    var figures: [String: Double] { get }
    /// The figures as a table.
    var table: String { get }
}

private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

private struct Object: Encodable {
    let content: any Figures

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Name.self)
        try container.encode(self.content.machine, forKey: Name(stringValue: "machine"))
        for (name, value) in self.content.figures {
            try container.encode((value * 1000).rounded() / 1000, forKey: Name(stringValue: name))
        }
    }
}

extension Figures {
    /// The machine and the figures as one JSON object.
    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
            return String(decoding: try encoder.encode(Object(content: self)), as: UTF8.self)
        }
    }
}
