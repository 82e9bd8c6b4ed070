// SPDX-License-Identifier: Apache-2.0

import OTP
import TextFormats

/// The text format of a setting.
struct SettingFormat<Value: Sendable>: Sendable {
    /// The problem in an error if ``parse`` rejects a text, such as `it is not a whole number`.
    let problem: String

    /// Parses a text, and returns the value; `nil` if the text has the wrong format.
    let parse: @Sendable (String) -> Value?

    /// Formats a value as a text that ``parse`` accepts.
    let text: @Sendable (Value) -> String
}

extension SettingFormat<Int> {
    static let integer = Self(problem: "it is not a whole number", parse: { Int($0) }, text: { "\($0)" })
}

extension SettingFormat<Bool> {
    static let onOrOff = Self(
        problem: "it is neither on nor off",
        parse: { ["on": true, "off": false][$0] },
        text: { $0 ? "on" : "off" }
    )
}

extension SettingFormat where Value: RawRepresentable, Value.RawValue == String {
    /// The format of a value with a fixed set of names.
    static func name(_ problem: String) -> Self {
        Self(problem: problem, parse: { Value(rawValue: $0) }, text: { $0.rawValue })
    }
}

extension SettingFormat<Duration> {
    static let duration = Self(
        problem: "it is not a duration such as 90s, 5m, 24h or 30d",
        parse: { DurationText.parse($0) },
        text: { $0.shortText }
    )
}

extension SettingFormat<[Duration]> {
    static let durations = Self(
        problem: "it is not a list of durations such as 60s,2m,5m",
        parse: { list($0) { DurationText.parse($0) } },
        text: { $0.map(\.shortText).joined(separator: ",") }
    )
}

extension SettingFormat<[WindowLimit]> {
    static let windows = Self(
        problem: "it is not a list of windows such as 5/1h,10/24h",
        parse: { list($0, window) },
        text: { $0.map { "\($0.count)/\($0.window.shortText)" }.joined(separator: ",") }
    )
}

/// Parses the entries of a comma-separated list; returns `nil` if an entry has the wrong format.
private func list<Entry>(_ text: String, _ parse: (String) -> Entry?) -> [Entry]? {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    let entries = parts.compactMap { parse($0.filter { $0 != " " }) }
    return entries.count == parts.count ? entries : nil
}

/// Parses a window such as `5/1h`; returns `nil` if the text has the wrong format.
@Sendable private func window(_ text: String) -> WindowLimit? {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let count = Int(parts[0]), let length = DurationText.parse(String(parts[1])) else {
        return nil
    }
    return WindowLimit(count, per: length)
}

extension Duration {
    /// The duration as a whole number of the largest possible unit, such as `5m`.
    fileprivate var shortText: String {
        let units: [(Duration, String)] = [(.seconds(86_400), "d"), (.seconds(3600), "h"), (.seconds(60), "m")]
        for (unit, suffix) in units where self >= unit && self == unit * Int(self / unit) {
            return "\(Int(self / unit))\(suffix)"
        }
        return DurationText.format(self)
    }
}
