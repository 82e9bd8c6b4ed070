// SPDX-License-Identifier: Apache-2.0

/// The limits of a JSON text, and the treatment of input on which JSON parsers differ.
package struct JSONRules: Sendable, Hashable {
    /// The treatment of a member whose name its object has already.
    package enum Duplicates: Sendable, Hashable {
        /// The text is rejected.
        case rejected
        /// The first member counts.
        case firstWins
        /// The last member counts, as in most parsers.
        case lastWins
    }

    /// The largest ``maximumDepth``, which keeps the recursion of the parser far from the end of the stack.
    package static let depthCeiling = 128

    /// The most arrays and objects that contain each other, 1 to ``depthCeiling``; other values are clamped.
    package var maximumDepth: Int

    /// The treatment of a member whose name its object has already.
    package var duplicates: Duplicates

    /// Whether U+FFFD replaces half a surrogate pair and bytes that are not UTF-8; otherwise the text is rejected.
    package var repairsText: Bool

    /// Whether strings may contain U+0000, which cuts off a text in every C interface.
    package var allowsNUL: Bool

    /// The most combining marks in a row; `nil` for no limit.
    ///
    /// Swift compares and hashes strings in time quadratic in this number, so a limit keeps later steps linear, too.
    package var maximumMarks: Int?

    /// Creates rules.
    ///
    /// - Parameters:
    ///   - maximumDepth: The most arrays and objects that contain each other.
    ///   - duplicates: The treatment of a member whose name its object has already.
    ///   - repairsText: Whether U+FFFD replaces half a surrogate pair and bytes that are not UTF-8.
    ///   - allowsNUL: Whether strings may contain U+0000.
    ///   - maximumMarks: The most combining marks in a row; `nil` for no limit.
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

    /// The rules for JSON whose format others define: the last of several members counts, and one malformed string does
    /// not invalidate the values next to it.
    package static let externalFormat = Self(duplicates: .lastWins, repairsText: true, allowsNUL: true)
}
