// SPDX-License-Identifier: Apache-2.0

/// Formats and parses durations as people write them, such as `500ms`, `30s`, `5m`, `1h` or `2d`.
package enum DurationText {
    private static let units: [(suffix: String, length: Duration)] = [
        ("ms", .milliseconds(1)), ("s", .seconds(1)), ("m", .seconds(60)), ("h", .seconds(3600)),
        ("d", .seconds(86_400)), ("", .seconds(1)),
    ]

    /// The longest duration that can be parsed, which is 36,500 days.
    ///
    /// Negative durations have the same limit.
    package static let longest = Duration.seconds(36_500 * 86_400)

    /// Parses a duration.
    ///
    /// - Parameter text: A whole number with a unit, and an optional minus sign. A number without a unit is in seconds.
    /// - Returns: The duration, or `nil` if the text is malformed or the duration exceeds ``longest``.
    package static func parse(_ text: String) -> Duration? {
        let sign = text.hasPrefix("-") ? -1 : 1
        let digits = sign < 0 ? text.dropFirst() : text[...]
        for unit in Self.units where digits.hasSuffix(unit.suffix) {
            let number = digits.dropLast(unit.suffix.count)
            guard
                (1...13).contains(number.utf8.count), number.utf8.allSatisfy(\.isASCIIDigit), let count = Int64(number)
            else { return nil }
            let duration = unit.length * count
            return duration <= Self.longest ? duration * sign : nil
        }
        return nil
    }

    /// Returns the text of a duration.
    ///
    /// Fractions of a millisecond are dropped. The text is in seconds if the remaining duration is a whole number of seconds,
    /// and otherwise in milliseconds.
    package static func format(_ duration: Duration) -> String {
        let milliseconds = duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000
        return milliseconds % 1000 == 0 ? "\(milliseconds / 1000)s" : "\(milliseconds)ms"
    }
}

extension Duration {
    /// The duration in seconds.
    package var inSeconds: Double { self / .seconds(1) }
}
