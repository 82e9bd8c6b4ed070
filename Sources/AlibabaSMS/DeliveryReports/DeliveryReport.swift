// SPDX-License-Identifier: Apache-2.0

public import Redaction

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// The gateway's pushed report on the delivery of one message.
///
/// Pushes are not authenticated, so a report is only a hint. For important decisions, query the status with ``QueryMessage``.
public struct DeliveryReport: Sendable, Hashable, Codable {
    /// The final delivery status of a message.
    ///
    /// The gateway may push values that this version of the library does not know.
    public struct Status: RawRepresentable, Sendable, Hashable, Codable {
        /// The status as the gateway encodes it in a push, such as `1`.
        public let rawValue: String

        /// Creates a status from the value in a push.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The message reached the phone.
        public static let delivered = Self(rawValue: "1")

        /// The message will not reach the phone.
        public static let failed = Self(rawValue: "2")

        /// The validity period ended before the message was delivered.
        public static let expired = Self(rawValue: "6")
    }

    /// The gateway's identifier of the message.
    public var messageID: String

    /// The final status of the message.
    public var status: Status

    /// The identifier that the sender assigned to the message; `nil` for none.
    public var taskID: String?

    /// The phone number of the recipient.
    public var to: String?

    /// The number of billed segments.
    public var segments: Int?

    /// The time at which the message was sent.
    public var sendDate: Date?

    /// The time at which the phone received the message.
    public var receiveDate: Date?

    /// The carrier's error code, which is for display only.
    ///
    /// Use ``status`` for decisions.
    public var errorCode: String?

    /// The carrier's description of ``errorCode``, truncated to 1,024 bytes.
    public var errorDescription: String?

    /// The fields that this version of the library does not know.
    ///
    /// Strings are unchanged, and other values are JSON text. A received report omits these fields if their total size exceeds
    /// 4 KiB.
    public var otherFields: [String: String]

    /// Creates a report.
    ///
    /// - Parameters:
    ///   - messageID: The gateway's identifier of the message.
    ///   - status: The final status of the message.
    ///   - taskID: The identifier that the sender assigned to the message.
    ///   - to: The phone number of the recipient.
    ///   - segments: The number of billed segments.
    ///   - sendDate: The time at which the message was sent.
    ///   - receiveDate: The time at which the phone received the message.
    ///   - errorCode: The carrier's error code.
    ///   - errorDescription: The carrier's description of the error code.
    ///   - otherFields: The fields that this version of the library does not know.
    public init(
        messageID: String,
        status: Status,
        taskID: String? = nil,
        to: String? = nil,
        segments: Int? = nil,
        sendDate: Date? = nil,
        receiveDate: Date? = nil,
        errorCode: String? = nil,
        errorDescription: String? = nil,
        otherFields: [String: String] = [:]
    ) {
        self.messageID = messageID
        self.status = status
        self.taskID = taskID
        self.to = to
        self.segments = segments
        self.sendDate = sendDate
        self.receiveDate = receiveDate
        self.errorCode = errorCode
        self.errorDescription = errorDescription
        self.otherFields = otherFields
    }
}

extension DeliveryReport.Status: CustomStringConvertible {
    /// The name of the status, or `other` if this version of the library does not know the status.
    public var description: String {
        switch self {
        case .delivered: "delivered"
        case .failed: "failed"
        case .expired: "expired"
        default: "other"
        }
    }
}

extension DeliveryReport: Redacted {
    /// The message ID and the status, without the phone number.
    public var description: String { "DeliveryReport(\(self.messageID) \(self.status))" }
}
