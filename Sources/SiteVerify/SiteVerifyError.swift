// SPDX-License-Identifier: Apache-2.0

/// An invalid setting, or the reason why a provider returned no verdict about a user's response to a human check.
///
/// An error contains no secret, no user's response and no text from the provider, so it can be logged.
public struct SiteVerifyError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of the error.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Base: String, CaseIterable {
            case configuration, refusedSecret, unreachable, timeout, status, oversized, unreadable, providerFault
        }

        private let base: Base

        private init(_ base: Base) { self.base = base }

        /// A setting is invalid.
        public static let configuration = Self(.configuration)
        /// The provider does not accept the secret or the site key.
        public static let refusedSecret = Self(.refusedSecret)
        /// The provider cannot be reached, or it closed the connection.
        public static let unreachable = Self(.unreachable)
        /// The provider did not respond in time.
        public static let timeout = Self(.timeout)
        /// The provider responded with an unexpected HTTP status, such as a redirect.
        public static let status = Self(.status)
        /// The body of the provider's HTTP response is longer than 16 KiB.
        public static let oversized = Self(.oversized)
        /// The body of the provider's HTTP response is not a valid verdict.
        public static let unreadable = Self(.unreadable)
        /// The provider reports an internal fault.
        public static let providerFault = Self(.providerFault)

        /// All codes.
        public static var all: [Self] { Base.allCases.map(Self.init) }

        /// The name of the code, which can serve as a metric label.
        public var description: String { self.base.rawValue }
    }

    /// The kind of the error.
    public let code: Code

    /// An explanation for people.
    public let message: String

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - code: The kind of the error.
    ///   - message: An explanation for people, without any secret.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// A text with the code and the message.
    public var description: String { "\(self.code): \(self.message)" }
}
