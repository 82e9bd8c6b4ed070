// SPDX-License-Identifier: Apache-2.0

import JSONOutput

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

extension InboxMessage {
    /// An event in the timeline of a message.
    public struct Event: Codable, Sendable, Hashable {
        /// The kind of an event.
        ///
        /// Later versions of the emulator may return other kinds.
        public struct Kind: RawRepresentable, Codable, Sendable, Hashable, CustomStringConvertible {
            /// The name of the kind in the REST API.
            public let rawValue: String

            /// Creates a kind.
            ///
            /// - Parameter rawValue: The name of the kind in the REST API.
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
            /// The receiver of delivery reports acknowledged a report.
            public static let reportAccepted = Self(rawValue: "reportAccepted")
            /// The receiver of delivery reports did not acknowledge a report.
            public static let reportRejected = Self(rawValue: "reportRejected")
            /// The sender reported whether the user entered the code.
            public static let conversion = Self(rawValue: "conversion")

            /// The name of the kind in the REST API.
            public var description: String { self.rawValue }
        }

        /// The kind of the event.
        public var kind: Kind
        /// The time of the event, in whole milliseconds.
        public var at: Date
        /// Details for people, such as the error code of the carrier.
        public var detail: String?

        /// Creates an event.
        ///
        /// - Parameters:
        ///   - kind: The kind of the event.
        ///   - date: The time of the event, which is rounded to milliseconds.
        ///   - detail: Details for people.
        public init(_ kind: Kind, at date: Date, detail: String? = nil) {
            self.kind = kind
            self.at = date.inMilliseconds
            self.detail = detail
        }
    }
}
