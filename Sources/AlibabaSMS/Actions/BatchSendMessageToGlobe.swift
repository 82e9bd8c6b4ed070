import FoundationEssentials
import JSONOutput
public import Redaction
public import SMSKit

/// Sends up to 1,000 messages to as many numbers outside mainland China, for what is not urgent.
///
/// The gateway takes one such call in a second. Its answer names the numbers that failed; see
/// ``Response/dispositions(of:)``.
public struct BatchSendMessageToGlobe: AlibabaSMSAction, Hashable {
    /// One of the messages.
    public struct Message: Sendable, Hashable {
        /// The recipient.
        public var to: PhoneNumber

        /// The text.
        public var text: String

        /// Creates a message.
        public init(to: PhoneNumber, text: String) {
            self.to = to
            self.text = text
        }
    }

    /// What the messages are for; verification codes are not sent in batches.
    public enum MessageType: String, Sendable, Hashable, CaseIterable {
        /// Notices.
        case notification = "NOTIFY"
        /// Advertisements.
        case promotion = "MKT"
    }

    /// The name on the wire.
    public static let name = "BatchSendMessageToGlobe"

    /// The most messages of one call.
    public static let maximumCount = 1000

    /// The messages; no number may be there twice, since the answer tells them apart by number.
    public var messages: [Message]

    /// The sender ID of all, which the account must have approved; `nil` leaves it to the gateway.
    public var from: String?

    /// What the messages are for.
    public var type: MessageType?

    /// An identifier that the delivery reports repeat, 1–255 characters.
    public var taskID: String?

    /// For how many seconds the gateway may try; at least 1.
    public var validityPeriod: Int?

    /// The delivery channel, a name that Alibaba gives out.
    public var channelID: String?

    /// Creates a request.
    ///
    /// - Parameters:
    ///   - messages: The messages, 1 to 1,000.
    ///   - from: The sender ID of all.
    ///   - type: What the messages are for.
    ///   - taskID: An identifier that the delivery reports repeat.
    ///   - validityPeriod: For how many seconds the gateway may try.
    ///   - channelID: The delivery channel.
    public init(
        _ messages: [Message],
        from: String? = nil,
        type: MessageType? = nil,
        taskID: String? = nil,
        validityPeriod: Int? = nil,
        channelID: String? = nil
    ) {
        self.messages = messages
        self.from = from
        self.type = type
        self.taskID = taskID
        self.validityPeriod = validityPeriod
        self.channelID = channelID
    }

    /// The parameters on the wire: two JSON arrays of equal length, one of numbers and one of texts.
    public var parameters: [RequestParameter] {
        [RequestParameter](
            [
                ("To", JSONText.array(self.messages.map(\.to.wireDigits))),
                ("Message", JSONText.array(self.messages.map(\.text))),
            ],
            optional: [
                ("From", self.from),
                ("Type", self.type?.rawValue),
                ("TaskId", self.taskID),
                ("ValidityPeriod", self.validityPeriod.map { "\($0)" }),
                ("ChannelId", self.channelID),
            ]
        )
    }

    /// Checks the fields before anything is sent.
    ///
    /// - Parameter configuration: The limits to check against.
    /// - Throws: An error that names the field at fault and not its value.
    public func validate(with configuration: AlibabaSMSConfiguration) throws(AlibabaSMSError) {
        try Self.require(
            (1...Self.maximumCount).contains(self.messages.count),
            "messages",
            "must be 1 to \(Self.maximumCount)"
        )
        try Self.require(
            Set(self.messages.map(\.to)).count == self.messages.count,
            "messages",
            "hold one number twice; the answer could not tell them apart"
        )
        for message in self.messages {
            try Self.require(
                !message.to.isMainlandChina,
                "messages",
                "hold a number in mainland China, which this action does not serve"
            )
            try Self.requireText(message.text, "messages", with: configuration)
        }
        if let from = self.from { try Self.require(SenderID.isValid(from), "from", SenderID.rule) }
        try Self.requireOptions(
            taskID: self.taskID,
            validityPeriod: self.validityPeriod,
            channelID: self.channelID
        )
    }

    /// Whether a refusal names messages that were taken.
    public static func didSome(_ answer: Response) -> Bool {
        answer.messageIDs?.isEmpty == false || answer.successCount.flatMap { Int($0) }.map { $0 > 0 } == true
    }
}

extension BatchSendMessageToGlobe: Redacted {
    /// The number of messages, never a number or a text.
    public var description: String { "BatchSendMessageToGlobe(\(self.messages.count) messages)" }
}

extension BatchSendMessageToGlobe.Message: Redacted {
    /// The masked recipient, never the text.
    public var description: String { "Message(to \(self.to))" }
}

/// JSON as parameters hold it: without blanks, with nothing escaped that need not be.
enum JSONText {
    static func array(_ texts: [String]) -> String { self.text(texts) }

    /// The fields in the order of their names, so that the same object is always the same text.
    static func object(_ fields: [String: String]) -> String { self.text(fields) }

    private static func text(_ value: some Encodable) -> String {
        // Texts always encode: the encoder throws for numbers that are none, and there is no number here.
        return (try? JSONEncoder.compact.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}
