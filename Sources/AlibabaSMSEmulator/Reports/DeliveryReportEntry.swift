// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A delivery report in the format that the gateway sends, in which all values are strings.
struct DeliveryReportEntry: Encodable, Sendable, Hashable {
    var messageID: String
    var to: String
    /// The status code: `1` for delivered, `2` for failed, `6` for expired.
    var status: String
    var taskID: String?
    var segments: String
    var sendDate: String
    var receiveDate: String
    var errorCode: String
    var errorDescription: String

    /// Creates the report of a message from its final event.
    init(_ message: InboxMessage, end: InboxMessage.Event) {
        self.messageID = message.messageID
        self.to = String(message.to.dropFirst())
        self.taskID = message.taskID
        self.segments = "\(message.segments)"
        self.sendDate = message.receivedAt.mailDate
        self.receiveDate = end.at.mailDate
        switch end.kind {
        case .delivered: (self.status, self.errorCode, self.errorDescription) = ("1", "success", "success")
        case .expired: (self.status, self.errorCode, self.errorDescription) = ("6", end.detail ?? "", "expired")
        default: (self.status, self.errorCode, self.errorDescription) = ("2", end.detail ?? "", "failed")
        }
    }

    private enum CodingKeys: String, CodingKey {
        case messageID = "MessageId"
        case to = "To"
        case status = "Status"
        case taskID = "TaskId"
        case segments = "SmsSize"
        case sendDate = "SendDate"
        case receiveDate = "ReceiveDate"
        case errorCode = "ErrorCode"
        case errorDescription = "ErrorDescription"
    }
}
