// SPDX-License-Identifier: Apache-2.0

extension SMSError {
    /// The kind of an error, which shows who can resolve the error.
    public struct Kind: Sendable, Hashable, CustomStringConvertible {
        private enum Base: String, CaseIterable {
            case caller, auth, balance, content, number, throttled, limit, account, transient, unknown
        }

        private let base: Base

        private init(_ base: Base) { self.base = base }

        /// Creates the kind with a name, or returns `nil` if no kind has this name.
        ///
        /// - Parameter name: A value of ``description``, such as `throttled`.
        public init?(name: some StringProtocol) {
            guard let base = Base(rawValue: String(name)) else { return nil }
            self.base = base
        }

        /// The request was invalid because of a mistake in the program or its configuration.
        public static let caller = Self(.caller)
        /// The gateway rejected the credentials, or the credentials lack a permission.
        public static let auth = Self(.auth)
        /// The account has no credit left, or its prepaid package is used up.
        public static let balance = Self(.balance)
        /// The gateway does not allow the text, the sender name or the template.
        public static let content = Self(.content)
        /// The gateway cannot send messages to the number.
        public static let number = Self(.number)
        /// The client sent too many requests in a short time.
        ///
        /// A later retry may succeed.
        public static let throttled = Self(.throttled)
        /// A limit per number, per day or per month is exhausted.
        public static let limit = Self(.limit)
        /// The account is suspended, restricted or not activated.
        public static let account = Self(.account)
        /// The gateway or the network had a temporary fault.
        public static let transient = Self(.transient)
        /// The gateway returned an error code that this package does not know.
        public static let unknown = Self(.unknown)

        /// Every kind.
        public static let all: [Self] = Base.allCases.map(Self.init)

        /// The name of the kind, which can serve as a metric label.
        public var description: String { self.base.rawValue }
    }
}

extension SMSError.Kind: Codable {
    /// Decodes a kind from its name.
    ///
    /// An unknown name becomes ``unknown``.
    ///
    /// - Parameter decoder: The decoder.
    /// - Throws: A `DecodingError` if the value is not a string.
    public init(from decoder: any Decoder) throws {
        self = Self(name: try decoder.singleValueContainer().decode(String.self)) ?? .unknown
    }

    /// Encodes the name.
    ///
    /// - Parameter encoder: The encoder.
    /// - Throws: The encoder's error.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.description)
    }
}
