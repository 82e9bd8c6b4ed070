// SPDX-License-Identifier: Apache-2.0

/// The format of durations in options, such as `90s`, `30m`, `2h` and `7d`.
enum DurationText {
    private static let units: [Character: Int] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]

    /// Parses a duration, and returns its number of seconds.
    ///
    /// The duration must be from one second to 365 days.
    static func seconds(_ text: String) throws(CommandFailure) -> Int {
        guard let unit = text.last.flatMap({ self.units[$0] }), (2...9).contains(text.count),
            let number = UInt32(text.dropLast()), case let seconds = Int(number) * unit,
            (1...365 * 86_400).contains(seconds)
        else { throw .usage("a duration is a number and s, m, h or d, such as 2h, from 1s to 365d") }
        return seconds
    }
}
