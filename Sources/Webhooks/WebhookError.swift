// SPDX-License-Identifier: Apache-2.0

/// An invalid setting for webhooks, or the reason why a received webhook is invalid.
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

        /// The text is not a valid secret of Standard Webhooks.
        public static let invalidSecret = Self(.invalidSecret)
        /// The URL of the receiver is invalid.
        public static let invalidURL = Self(.invalidURL)
        /// The receiver has a private address, which is not allowed.
        public static let privateAddress = Self(.privateAddress)
        /// A header of the webhook is malformed.
        public static let invalidHeader = Self(.invalidHeader)
        /// The webhook has no valid signature.
        public static let wrongSignature = Self(.wrongSignature)
        /// The webhook is too old, or its timestamp is too far in the future.
        public static let wrongTime = Self(.wrongTime)
        /// A webhook with the same ID is being processed.
        public static let inProgress = Self(.inProgress)
        /// A webhook with the same ID was already processed.
        public static let replayed = Self(.replayed)

        /// All codes.
        public static var all: [Self] { Base.allCases.map(Self.init) }

        /// The name of the code, which is suitable as a metric label.
        public var description: String { self.base.rawValue }
    }

    /// The kind of the error.
    public let code: Code

    /// The explanation.
    public let message: String

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - code: The kind of the error.
    ///   - message: The explanation, without any secret.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The code and the message.
    public var description: String { "\(self.code): \(self.message)" }
}
