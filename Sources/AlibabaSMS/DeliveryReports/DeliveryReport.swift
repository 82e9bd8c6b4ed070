public import FoundationEssentials
public import Redaction

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

    /// The carrier's code in words, at most 1,024 bytes of it.
    public var errorDescription: String?

    /// The fields that are not known here, and dates that cannot be read; empty if they are larger than 4 KiB.
    public var otherFields: [String: JSONValue]

    /// The most bytes of a text that is a code or a number; a longer one is dropped.
    private static let longestCode = 128

    /// The most bytes of ``errorDescription``.
    private static let longestDescription = 1024

    /// The most bytes of ``otherFields``.
    private static let maximumOtherSize = 4096

    /// The approximate number of bytes that the report takes in memory.
    var size: Int {
        let texts = [self.messageID, self.taskID, self.to, self.segments, self.errorCode, self.errorDescription]
        // The structure itself, and the entries of the log that lead to it.
        return texts.reduce(512) { $0 + ($1?.utf8.count ?? 0) } + JSONValue.object(self.otherFields).size
    }

    /// Reads a report; `nil` without a message's identifier and a status, or with a task's that nobody can have given.
    init?(_ fields: ResponseFields) {
        var fields = fields
        guard
            let messageID = SafeText.messageID(fields.takeText("MessageId")),
            let status = fields.takeText("Status"), (1...32).contains(status.utf8.count)
        else { return nil }
        self.messageID = messageID
        self.status = Status(status)
        self.taskID = fields.takeText("TaskId")
        if let taskID = self.taskID, taskID.utf16.count > 255 { return nil }
        self.to = Self.short(fields.takeText("To"))
        self.segments = Self.short(fields.takeText("SmsSize"))
        self.sendDate = fields.takeDate("SendDate")
        self.receiveDate = fields.takeDate("ReceiveDate")
        self.errorCode = Self.short(fields.takeText("ErrorCode"))
        self.errorDescription = fields.takeText("ErrorDescription").map(Self.shortened)
        let other = fields.values
        self.otherFields = JSONValue.object(other).size <= Self.maximumOtherSize ? other : [:]
    }

    private static func short(_ text: String?) -> String? {
        text.flatMap { $0.utf8.count <= Self.longestCode ? $0 : nil }
    }

    private static func shortened(_ text: String) -> String {
        guard text.utf8.count > Self.longestDescription else { return text }
        var bytes = Array(text.utf8.prefix(Self.longestDescription))
        // A character that was cut in half goes.
        while String(validating: bytes, as: UTF8.self) == nil { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension DeliveryReport: Redacted {
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
}
