// SPDX-License-Identifier: Apache-2.0

/// The error for a missing or invalid setting.
///
/// The error contains no secret, so it can be logged.
public struct OTPSettingsError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of the error.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Base: String, CaseIterable { case missing, invalid }

        private let base: Base

        private init(_ base: Base) { self.base = base }

        /// The variable is missing or empty.
        public static let missing = Self(.missing)
        /// The value of the variable cannot be used.
        public static let invalid = Self(.invalid)

        /// All codes.
        public static var all: [Self] { Base.allCases.map(Self.init) }

        /// The name of the code.
        public var description: String { self.base.rawValue }
    }

    /// The kind of the error.
    public let code: Code

    /// The name of the variable.
    public let variable: String

    /// The problem with the value, without any secret.
    public let problem: String

    /// The remedy, as an imperative; `nil` if ``problem`` contains the remedy.
    public let remedy: String?

    /// The source of the value, such as `/etc/otp.yaml:12`; `nil` if the source is not known.
    public let source: String?

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - code: The kind of the error.
    ///   - variable: The name of the variable.
    ///   - problem: The problem with the value.
    ///   - remedy: The remedy, as an imperative; `nil` if `problem` contains the remedy.
    ///   - source: The source of the value; `nil` if the source is not known.
    public init(_ code: Code, _ variable: String, problem: String, remedy: String? = nil, source: String? = nil) {
        self.code = code
        self.variable = variable
        self.problem = problem
        self.remedy = remedy
        self.source = source
    }

    /// The name of the variable, the source, the problem and the remedy.
    public var description: String {
        guard self.code != .missing else {
            return "\(self.variable) is not set" + (self.remedy.map { ": \($0)" } ?? "")
        }
        let source = self.source.map { ", from \($0)," } ?? ""
        return "\(self.variable)\(source) cannot be used: \(self.problem)" + (self.remedy.map { "; \($0)" } ?? "")
    }
}
