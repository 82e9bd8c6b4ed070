public import FoundationEssentials

/// What the gateway says became of one message, as it pushes it.
///
/// A push is not authenticated: a report is a hint. Where it matters, ask ``QueryMessage``.
public struct DeliveryReport: Sendable, Hashable {
    /// How a message ended.
    public enum Status: Sendable, Hashable {
        /// It reached the telephone.
        case delivered
        /// It will not reach the telephone.
        case failed
        /// It was not handed over in time.
        case expired
        /// Something that is not known here.
        case other(String)

        init(_ text: String) {
            self =
                switch text {
                case "1": .delivered
                case "2": .failed
                case "6": .expired
                default: .other(text)
                }
        }
    }

    /// The identifier of the message.
    public var messageID: String

    /// How it ended.
    public var status: Status

    /// The sender's own identifier, if one was given.
    public var taskID: String?

    /// The number.
    public var to: String?

    /// The number of billed segments.
    public var segments: String?

    /// When the message was sent.
    public var sendDate: Date?

    /// When it was received.
    public var receiveDate: Date?

    /// The carrier's code; decide by ``status``, and show this as a text.
    public var errorCode: String?

    /// The carrier's code in words.
    public var errorDescription: String?

    /// The fields that are not known here, and dates that cannot be read.
    public var otherFields: [String: JSONValue]

    /// Reads a report; `nil` without a message's identifier and a status, or with a task's that nobody can have given.
    init?(_ fields: AnswerFields) {
        var fields = fields
        guard
            let messageID = SafeText.messageID(fields.takeText("MessageId")),
            let status = fields.takeText("Status"), (1...32).contains(status.utf8.count)
        else { return nil }
        self.messageID = messageID
        self.status = Status(status)
        self.taskID = fields.takeText("TaskId")
        if let taskID = self.taskID, taskID.utf16.count > 255 { return nil }
        self.to = fields.takeText("To")
        self.segments = fields.takeText("SmsSize")
        self.sendDate = fields.takeDate("SendDate")
        self.receiveDate = fields.takeDate("ReceiveDate")
        self.errorCode = fields.takeText("ErrorCode")
        self.errorDescription = fields.takeText("ErrorDescription")
        self.otherFields = fields.values
    }
}

extension DeliveryReport: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The identifier and the status, never the number.
    public var description: String {
        let status =
            switch self.status {
            case .delivered: "delivered"
            case .failed: "failed"
            case .expired: "expired"
            case .other: "other"
            }
        return "DeliveryReport(\(self.messageID) \(status))"
    }

    /// The same as ``description``.
    public var debugDescription: String { self.description }

    /// A mirror without children, so that `dump` shows nothing secret.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
