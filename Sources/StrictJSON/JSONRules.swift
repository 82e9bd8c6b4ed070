// SPDX-License-Identifier: Apache-2.0

/// The limits for a JSON text, and the treatment of input on which JSON parsers differ.
package struct JSONRules: Sendable, Hashable {
    /// The treatment of several members with the same name in an object.
    package enum Duplicates: Sendable, Hashable {
        /// A JSON text with several members of the same name in an object is rejected.
        case rejected
        /// The first of several members with the same name is used.
        case firstWins
        /// The last of several members with the same name is used, as in most parsers.
        case lastWins
    }

    /// The upper limit for ``maximumDepth``.
    ///
    /// The limit prevents the recursive parser from overflowing the stack.
    package static let depthCeiling = 128

    /// The maximum depth of nested arrays and objects, from 1 to ``depthCeiling``; other values are clamped.
    package var maximumDepth: Int

    /// The treatment of several members with the same name in an object.
    package var duplicates: Duplicates

    /// Whether invalid text is replaced by U+FFFD.
    ///
    /// Invalid text is half a surrogate pair, or bytes that are not UTF-8. Without the replacement, the JSON text is rejected.
    package var repairsText: Bool

    /// Whether strings may contain U+0000, which ends a text in C interfaces.
    package var allowsNUL: Bool

    /// The maximum number of consecutive combining marks; `nil` for no limit.
    ///
    /// Comparing and hashing a Swift string takes quadratic time in the number of consecutive marks. The limit keeps these
    /// operations linear.
    package var maximumMarks: Int?

    /// Creates rules.
    ///
    /// - Parameters:
    ///   - maximumDepth: The maximum depth of nested arrays and objects.
    ///   - duplicates: The treatment of several members with the same name in an object.
    ///   - repairsText: Whether U+FFFD replaces invalid text.
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

    /// The rules for formats of this project, which reject duplicate members and U+0000.
    package static let ownFormat = Self(duplicates: .rejected, allowsNUL: false)

    /// The rules for formats that others define.
    ///
    /// The last of several members with the same name is used. Malformed strings are repaired instead of rejected.
    package static let externalFormat = Self(duplicates: .lastWins, repairsText: true, allowsNUL: true)
}
