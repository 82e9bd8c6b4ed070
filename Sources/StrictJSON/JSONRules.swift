// SPDX-License-Identifier: Apache-2.0

/// The limits and options of the JSON parser.
package struct JSONRules: Sendable, Hashable {
    /// The treatment of duplicate members in an object.
    package enum Duplicates: Sendable, Hashable {
        /// A JSON text with duplicate members is rejected.
        case rejected
        /// The first of the duplicate members is used.
        case firstWins
        /// The last of the duplicate members is used, as in most parsers.
        case lastWins
    }

    /// The upper limit for ``maximumDepth``, which prevents a stack overflow in the recursive parser.
    package static let depthCeiling = 128

    /// The maximum depth of nested arrays and objects; values outside 1 to ``depthCeiling`` are clamped.
    package var maximumDepth: Int

    /// The treatment of duplicate members in an object.
    package var duplicates: Duplicates

    /// Whether invalid text in strings is replaced with U+FFFD; if not, the JSON text is rejected.
    ///
    /// Invalid text is half a surrogate pair, or bytes that are not UTF-8.
    package var repairsText: Bool

    /// Whether strings may contain U+0000, which ends a string in C.
    package var allowsNUL: Bool

    /// The maximum number of consecutive combining marks; `nil` for no limit.
    ///
    /// Without a limit, comparing and hashing a Swift string can take quadratic time.
    package var maximumMarks: Int?

    /// Creates rules.
    ///
    /// - Parameters:
    ///   - maximumDepth: The maximum depth of nested arrays and objects.
    ///   - duplicates: The treatment of duplicate members in an object.
    ///   - repairsText: Whether U+FFFD replaces invalid text in strings.
    ///   - allowsNUL: Whether strings may contain U+0000.
    ///   - maximumMarks: The maximum number of consecutive combining marks; `nil` for no limit.
    package init(
        maximumDepth: Int = 32,
        duplicates: Duplicates,
        repairsText: Bool = false,
        allowsNUL: Bool,
        maximumMarks: Int? = 256
    ) {
        self.maximumDepth = min(max(1, maximumDepth), Self.depthCeiling)
        self.duplicates = duplicates
        self.repairsText = repairsText
        self.allowsNUL = allowsNUL
        self.maximumMarks = maximumMarks
    }

    /// The rules for formats of this project: duplicate members and U+0000 are rejected.
    package static let ownFormat = Self(duplicates: .rejected, allowsNUL: false)

    /// The rules for external formats: the last of the duplicate members is used, and invalid strings are repaired.
    package static let externalFormat = Self(duplicates: .lastWins, repairsText: true, allowsNUL: true)
}
