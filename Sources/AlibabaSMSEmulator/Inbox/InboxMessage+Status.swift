// SPDX-License-Identifier: Apache-2.0

extension InboxMessage {
    /// The delivery status of a message.
    ///
    /// Later versions of the emulator may return other statuses.
    public struct Status: RawRepresentable, Codable, Sendable, Hashable, CustomStringConvertible {
        /// The name of the status in the REST API.
        public let rawValue: String

        /// Creates a status.
        ///
        /// - Parameter rawValue: The name of the status in the REST API.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The gateway accepted the message.
        public static let accepted = Self(rawValue: "accepted")
        /// The gateway submitted the message to the carrier.
        public static let submitted = Self(rawValue: "submitted")
        /// The carrier delivered the message to the phone.
        public static let delivered = Self(rawValue: "delivered")
        /// The carrier failed to deliver the message.
        public static let failed = Self(rawValue: "failed")
        /// The validity period ended before the message was submitted.
        public static let expired = Self(rawValue: "expired")

        /// Whether the status can no longer change.
        public var isFinal: Bool { [.delivered, .failed, .expired].contains(self) }

        /// The name of the status in the REST API.
        public var description: String { self.rawValue }
    }
}
