// SPDX-License-Identifier: Apache-2.0

import Foundation

extension SimulationTable {
    /// A value in a table.
    package enum Cell: Sendable, Hashable {
        /// No value.
        case empty
        /// A name.
        case text(String)
        /// A number, or the range of the numbers of several runs.
        case counts(ClosedRange<Int>)
        /// A time in seconds.
        case seconds(Int)
        /// A calculated probability.
        case probability(Double)
        /// A measured probability with its confidence interval.
        case share(Proportion)
        /// Money, in 1/10,000 of a currency unit.
        case money(Int)

        /// Returns a cell with a single number.
        static func count(_ count: Int) -> Self { .counts(count...count) }

        /// The number for the bar of a chart; `nil` for a text or an empty cell.
        ///
        /// A range is represented by its largest number.
        package var magnitude: Double? {
            switch self {
            case .empty, .text: nil
            case .counts(let range): Double(range.upperBound)
            case .seconds(let seconds): Double(seconds)
            case .probability(let probability): probability
            case .share(let share): share.value
            case .money(let money): Double(money) / 10_000
            }
        }

        /// The text of the value in a table.
        package var text: String {
            switch self {
            case .empty: "–"
            case .text(let text): text
            case .counts(let range):
                range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)–\(range.upperBound)"
            case .seconds(let seconds): "\(seconds) s"
            case .probability(let probability): Self.text(probability)
            case .share(let share):
                "\(Self.text(share.value)) [\(Self.text(share.interval.lowerBound)), \(Self.text(share.interval.upperBound))]"
            case .money(let money): Self.fixed(Double(money) / 10_000)
            }
        }

        /// Returns a probability with two significant digits.
        private static func text(_ value: Double) -> String {
            guard value != 0, value != 1 else { return value == 0 ? "0" : "1" }
            let exponent = Int(log10(value).rounded(.down))
            guard exponent < -3 else {
                let scale = pow(10, Double(1 - exponent))
                return "\((value * scale).rounded() / scale)"
            }
            let tenths = (value / pow(10, Double(exponent)) * 10).rounded()
            // Rounding up can result in the next power of ten.
            return tenths < 100 ? "\(tenths / 10)e\(exponent)" : "1.0e\(exponent + 1)"
        }

        private static func fixed(_ value: Double) -> String {
            let hundredths = Int((value * 100).rounded())
            return "\(hundredths / 100)." + "0\(hundredths % 100)".suffix(2)
        }
    }
}

extension SimulationTable.Cell: Encodable {
    private enum CodingKeys: CodingKey { case count, total, low, high }

    /// Encodes the cell.
    ///
    /// A range is encoded as an object with its smallest and its largest number. A measured probability is encoded as an object
    /// with the count and the total of the ``Proportion``, and the two ends of the confidence interval. Every other cell is
    /// encoded as a single value.
    package func encode(to encoder: any Encoder) throws {
        if case .share(let share) = self {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(share.count, forKey: .count)
            try container.encode(share.total, forKey: .total)
            try container.encode(share.interval.lowerBound, forKey: .low)
            try container.encode(share.interval.upperBound, forKey: .high)
            return
        }
        if case .counts(let range) = self, range.count > 1 {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(range.lowerBound, forKey: .low)
            try container.encode(range.upperBound, forKey: .high)
            return
        }
        var container = encoder.singleValueContainer()
        switch self {
        case .empty, .share: try container.encodeNil()
        case .text(let text): try container.encode(text)
        case .counts(let range): try container.encode(range.lowerBound)
        case .seconds(let seconds): try container.encode(seconds)
        case .probability(let probability): try container.encode(probability)
        case .money(let money): try container.encode(Double(money) / 10_000)
        }
    }
}
