// SPDX-License-Identifier: Apache-2.0

extension InboxMessage {
    /// The rule by which the emulator found a code in a text.
    ///
    /// Later versions of the emulator may return other rules.
    public struct CodeRule: RawRepresentable, Codable, Sendable, Hashable, CustomStringConvertible {
        /// The name of the rule in the REST API.
        public let rawValue: String

        /// Creates a rule.
        ///
        /// - Parameter rawValue: The name of the rule in the REST API.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The code is the value of the template variable `code`.
        public static let templateVariable = Self(rawValue: "templateVariable")
        /// The last line of the text, such as `@example.com #123456`, binds the code to an origin.
        public static let originBound = Self(rawValue: "originBound")
        /// The code is the group of digits that best fits a nearby keyword such as "code".
        ///
        /// Spaces and hyphens between groups of digits are removed.
        public static let digits = Self(rawValue: "digits")
        /// The code is the group of letters and digits that best fits a nearby keyword such as "code".
        public static let alphanumeric = Self(rawValue: "alphanumeric")

        /// The name of the rule in the REST API.
        public var description: String { self.rawValue }
    }
}
