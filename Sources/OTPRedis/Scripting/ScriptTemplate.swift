// SPDX-License-Identifier: Apache-2.0

import Hiredis

/// The text of a Lua script with placeholders for the limits.
///
/// The text is split at the placeholders once, so that inserting the limits needs no search.
struct ScriptTemplate: Sendable {
    /// The values of all constants that do not depend on limits, keyed by name.
    static let constants = Self.layouts.reduce(into: [:]) { $0.merge($1) { _, new in new } }

    /// The constants of each layout.
    ///
    /// Every name occurs in only one layout.
    static let layouts = [
        RecordLayout.constants, ScriptReplyLayout.constants, ClockRecord.constants, GuardLayout.constants,
    ]

    private let opening: String
    private let gaps: [(limit: String, text: String)]

    /// Joins fragments, substitutes the constants, and keeps the limits (`LIMITS.…`) as placeholders.
    ///
    /// An unknown constant is replaced by `nil`, so that the script fails. `ScriptLintTests` detects unknown constants.
    init(_ fragments: [ScriptFragment]) {
        self.init(source: fragments.map(\.source).joined(separator: "\n"))
    }

    /// Substitutes the constants in a Lua source.
    init(source: String) {
        var end = source.startIndex
        var text = ""
        var texts: [String] = []
        var limits: [String] = []
        for match in source.matches(of: #/\b([A-Z]+)\.([a-z_]+)/#) {
            text += source[end..<match.range.lowerBound]
            end = match.range.upperBound
            if match.1 == "LIMITS" {
                texts.append(text)
                limits.append(String(match.2))
                text = ""
            } else {
                text += Self.constants[String(match.0), default: "nil"]
            }
        }
        texts.append(text + source[end...])
        self.opening = texts[0]
        self.gaps = Array(zip(limits, texts.dropFirst()))
    }

    /// Returns the script for a set of limits.
    ///
    /// A missing limit becomes `nil` in the Lua text, so that the script fails.
    func script(_ limits: [String: String]) -> RedisScript {
        var source = self.opening
        for (limit, text) in self.gaps {
            source += limits[limit, default: "nil"]
            source += text
        }
        return RedisScript(source: source)
    }
}
