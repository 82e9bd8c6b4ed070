// SPDX-License-Identifier: Apache-2.0

public import Redaction

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

extension QueryMessage {
    /// The delivery status of a message.
    ///
    /// The gateway may return values that this version of the library does not know.
    public struct Status: RawRepresentable, Sendable, Hashable {
        /// The status as the gateway encodes it in a response, such as `1`.
        public let rawValue: String

        /// Creates a status from the value in a response.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The message reached the phone.
        public static let delivered = Self(rawValue: "1")

        /// The message will not reach the phone.
        public static let failed = Self(rawValue: "2")

        /// The message is on its way.
        public static let sending = Self(rawValue: "3")
    }

    /// The response to a query.
    ///
    /// The gateway may omit any field.
    public struct Response: Sendable, Hashable {
        /// The fields that all responses have in common, such as the response code.
        public var header: AlibabaSMSResponseHeader

        /// The gateway's identifier of the message.
        public var messageID: String?

        /// The phone number of the recipient.
        public var to: String?

        /// The text of the message.
        ///
        /// Never log this text, because it may contain a verification code.
        public var message: String?

        /// The delivery status.
        public var status: Status?

        /// The carrier's code, such as `DELIVERED`, which is for display only.
        ///
        /// Use ``status`` for decisions.
        public var errorCode: String?

        /// The carrier's description of ``errorCode``.
        public var errorDescription: String?

        /// The time at which the message was sent.
        public var sendDate: Date?

        /// The time at which the phone received the message.
        public var receiveDate: Date?

        /// The gateway's data about the phone number.
        public var numberDetail: NumberDetail?

        /// Creates a response.
        ///
        /// - Parameters:
        ///   - header: The fields that all responses have in common.
        ///   - messageID: The gateway's identifier of the message.
        ///   - to: The phone number of the recipient.
        ///   - message: The text of the message.
        ///   - status: The delivery status.
        ///   - errorCode: The carrier's code.
        ///   - errorDescription: The carrier's description of the code.
        ///   - sendDate: The time at which the message was sent.
        ///   - receiveDate: The time at which the phone received the message.
        ///   - numberDetail: The gateway's data about the phone number.
        public init(
            header: AlibabaSMSResponseHeader = .init(),
            messageID: String? = nil,
            to: String? = nil,
            message: String? = nil,
            status: Status? = nil,
            errorCode: String? = nil,
            errorDescription: String? = nil,
            sendDate: Date? = nil,
            receiveDate: Date? = nil,
            numberDetail: NumberDetail? = nil
        ) {
            self.header = header
            self.messageID = messageID
            self.to = to
            self.message = message
            self.status = status
            self.errorCode = errorCode
            self.errorDescription = errorDescription
            self.sendDate = sendDate
            self.receiveDate = receiveDate
            self.numberDetail = numberDetail
        }
    }
}

extension QueryMessage.Response: AlibabaSMSResponse {
    package init(_ fields: ResponseFields) {
        var fields = fields
        self.messageID = fields.takeText("MessageId")
        self.to = fields.takeText("To")
        self.message = fields.takeText("Message")
        self.status = fields.takeText("Status").map(QueryMessage.Status.init(rawValue:))
        self.errorCode = fields.takeText("ErrorCode")
        self.errorDescription = fields.takeText("ErrorDescription")
        self.sendDate = fields.takeDate("SendDate")
        self.receiveDate = fields.takeDate("ReceiveDate")
        self.numberDetail = fields.takeObject("NumberDetail").map(NumberDetail.init)
        self.header = AlibabaSMSResponseHeader(fields)
    }
}

extension QueryMessage.Status: CustomStringConvertible {
    /// The name of the status, or `other` if this version of the library does not know the status.
    public var description: String {
        switch self {
        case .delivered: "delivered"
        case .failed: "failed"
        case .sending: "sending"
        default: "other"
        }
    }
}

extension QueryMessage.Response: Redacted {
    /// The response code, without the phone number and the text of the message.
    public var description: String { "QueryMessage.Response(\(self.header))" }
}
