// SPDX-License-Identifier: Apache-2.0

/// An invalid setting of webhooks, or the reason why a webhook was refused.
///
/// An error contains no secret, no signature and no part of a body, so it can be logged.
public struct WebhookError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of the error.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Base: String, CaseIterable {
            case invalidSecret, invalidURL, privateAddress
            case invalidHeader, wrongSignature, wrongTime, inProgress, replayed
        }

        private let base: Base

        private init(_ base: Base) { self.base = base }

        /// The text is not a secret of Standard Webhooks.
        public static let invalidSecret = Self(.invalidSecret)
        /// The URL of the receiver is not usable.
        public static let invalidURL = Self(.invalidURL)
        /// The receiver has a private address, to which no webhook is sent.
        public static let privateAddress = Self(.privateAddress)
        /// A header of the webhook is malformed.
        public static let invalidHeader = Self(.invalidHeader)
        /// No signature of the webhook is valid under one of the secrets.
        public static let wrongSignature = Self(.wrongSignature)
        /// The webhook is too old, or its timestamp is in the future.
        public static let wrongTime = Self(.wrongTime)
        /// A webhook with the same ID is being processed.
        public static let inProgress = Self(.inProgress)
        /// A webhook with the same ID was already processed.
        public static let replayed = Self(.replayed)

        /// All codes of this version.
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
