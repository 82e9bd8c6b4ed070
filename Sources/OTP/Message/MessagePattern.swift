// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A parsed text with placeholders, such as `{brand}: {code}`.
struct MessagePattern: Sendable, Hashable {
    /// A variable part of a message.
    enum Placeholder: String, Sendable, Hashable, CaseIterable {
        case brand, code, action, validity, minutes
    }

    private enum Piece: Sendable, Hashable {
        case text(String)
        case value(Placeholder)
    }

    private var pieces: [Piece] = []

    /// Parses a pattern.
    ///
    /// - Parameter pattern: The text. Every brace must belong to a placeholder.
    /// - Throws: ``Malformed`` with the mistake.
    init(_ pattern: String) throws(Malformed) {
        let text = pattern.precomposedStringWithCanonicalMapping
        if let scalar = text.unicodeScalars.first(where: Self.isInvisible) {
            throw Malformed("has the character U+\(scalar.hexadecimal), which is a control character or not visible")
        }
        var rest = text[...]
        while let brace = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
            self.append(rest[..<brace])
            let name = rest[brace...].dropFirst().prefix { $0 != "{" && $0 != "}" }
            guard rest[brace] == "{", name.endIndex < rest.endIndex, rest[name.endIndex] == "}" else {
                throw Malformed("has a brace outside a placeholder")
            }
            guard let placeholder = Placeholder(rawValue: String(name)) else {
                let names = Placeholder.allCases.map { "{\($0.rawValue)}" }.joined(separator: ", ")
                throw Malformed("has an unknown placeholder: the known ones are \(names)")
            }
            self.pieces.append(.value(placeholder))
            rest = rest[rest.index(after: name.endIndex)...]
        }
        self.append(rest)
    }

    /// A mistake in a pattern.
    ///
    /// The reason is a sentence without its subject, such as `has a brace outside a placeholder`. The caller adds the subject.
    struct Malformed: Error {
        let reason: String

        init(_ reason: String) { self.reason = reason }
    }

    /// Returns the number of occurrences of a placeholder.
    func count(of placeholder: Placeholder) -> Int {
        self.pieces.count { $0 == .value(placeholder) }
    }

    /// Returns the text with a value for each placeholder.
    ///
    /// - Parameters:
    ///   - capacity: The expected size of the text in bytes.
    ///   - value: A closure that returns the value of a placeholder.
    /// - Returns: The text.
    func filled(capacity: Int = 0, _ value: (Placeholder) -> String) -> String {
        var text = ""
        text.reserveCapacity(capacity)
        for piece in self.pieces {
            switch piece {
            case .text(let literal): text += literal
            case .value(let placeholder): text += value(placeholder)
            }
        }
        return text
    }

    private mutating func append(_ literal: Substring) {
        if !literal.isEmpty { self.pieces.append(.text(String(literal))) }
    }

    /// Returns whether a character is invisible.
    ///
    /// Zero-width joiners and non-joiners count as visible, because several scripts need them for correct spelling.
    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
        default: scalar.properties.isDefaultIgnorableCodePoint && scalar != "\u{200C}" && scalar != "\u{200D}"
        }
    }
}

extension Unicode.Scalar {
    /// The code point as at least four hexadecimal digits, such as `017B`.
    var hexadecimal: String {
        let digits = String(self.value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(4 - digits.count, 0)) + digits
    }
}
