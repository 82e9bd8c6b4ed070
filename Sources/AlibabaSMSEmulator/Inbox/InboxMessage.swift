public import FoundationEssentials
import JSONOutput
public import Redaction
import SMSKit
import StrictJSON

/// A message that the emulator took.
///
/// It is what the inbox shows, and so holds the number and the text in clear; its `description` does not.
public struct InboxMessage: Codable, Sendable, Hashable, Identifiable {
    /// Which rule found a code in a text.
    public enum CodeRule: String, Codable, Sendable, Hashable {
        /// It is the template's variable `code`.
        case templateVariable
        /// The last line binds the code to an origin: `@example.com #123456`.
        case originBound
        /// The digits that fit best to a word such as "code", without blanks or hyphens between their groups.
        case digits
        /// The letters and digits that fit best to a word such as "code".
        case alphanumeric
    }

    /// The number of the message in the inbox: 1 for the first, never used again.
    public var id: Int
    /// The namespace of the inbox in which the message is.
    public var namespace: String
    /// The gateway's identifier of the message.
    public var messageID: String
    /// The gateway's identifier of the request.
    public var requestID: String
    /// The recipient, with the plus sign.
    public var to: String
    /// The sender ID.
    public var from: String?
    /// The text.
    public var text: String
    /// What the message is for: `OTP`, `NOTIFY` or `MKT`.
    public var type: String?
    /// The sender's identifier of the dispatch.
    public var taskID: String?
    /// For how many seconds the gateway may try.
    public var validityPeriod: Int?
    /// When the emulator took the message.
    public var receivedAt: Date
    /// How the text travels: `gsm7` or `ucs2`.
    public var encoding: String
    /// The number of billed segments.
    public var segments: Int
    /// The length of the text in units of its encoding.
    public var units: Int
    /// How many more units fit the last segment.
    public var unitsLeft: Int
    /// The ISO 3166-1 code of the country or territory of the recipient, if it is known.
    public var region: String?
    /// The code in the text.
    public var code: String?
    /// Which rule found the code.
    public var codeRule: CodeRule?
    /// The action that brought the message, such as `SendMessageToGlobe`.
    public var action: String
    /// The template that the text was made from.
    public var template: Template?
    /// What the message costs, in millionths of the account's currency.
    public var costMicros: Int
    /// How far the message has come.
    public var status: Status
    /// What happened to the message, oldest first.
    public var timeline: [Event]

    private enum CodingKeys: String, CodingKey {
        case id, to, from, text, type, validityPeriod, receivedAt, encoding, segments, code, codeRule
        case units, unitsLeft, region, namespace
        case action, template, costMicros, status, timeline
        case messageID = "messageId"
        case requestID = "requestId"
        case taskID = "taskId"
    }

    init(
        id: Int = 0,
        namespace: String = InboxNamespace.standard,
        messageID: String,
        requestID: String,
        to: String,
        from: String? = nil,
        text: String,
        type: String? = nil,
        taskID: String? = nil,
        validityPeriod: Int? = nil,
        receivedAt: Date,
        encoding: String,
        segments: Int,
        code: String? = nil,
        codeRule: CodeRule? = nil,
        action: String = "SendMessageToGlobe",
        template: Template? = nil,
        costMicros: Int = 0
    ) {
        self.id = id
        self.namespace = namespace
        self.messageID = messageID
        self.requestID = requestID
        self.to = to
        self.from = from
        self.text = text
        self.type = type
        self.taskID = taskID
        self.validityPeriod = validityPeriod
        self.receivedAt = receivedAt
        self.encoding = encoding
        self.segments = segments
        let count = SMSSegmentCount(of: text)
        self.units = count.units
        // Mainland China splits surrogate pairs, so that a text can have fewer segments there.
        let isSplit = segments < count.segments
        self.unitsLeft =
            isSplit ? max(0, segments * count.encoding.unitsOfJoinedSegment - count.units) : count.unitsLeft
        self.region = PhoneNumber(e164: to)?.region?.code
        self.code = code
        self.codeRule = codeRule
        self.action = action
        self.template = template
        self.costMicros = costMicros
        self.status = .accepted
        self.timeline = [Event(.accepted, at: receivedAt.inMilliseconds)]
    }
}

extension InboxMessage: NamespaceMember {}

extension InboxMessage: Redacted {
    /// The number of the message in the inbox, never its text.
    public var description: String { "InboxMessage(\(self.id))" }
}

extension JSON {
    /// Reads a value that the inbox wrote.
    ///
    /// A message may have any text, so neither U+0000 nor combining marks are refused.
    static func inbox<Value: Decodable>(_ type: Value.Type, _ bytes: some Collection<UInt8>) throws -> Value {
        let rules = JSONRules(duplicates: .refused, allowsNUL: true, maximumMarks: nil)
        return try JSON(parsing: bytes, rules: rules)
            .decode(type) { type, text in
                type == Date.self ? Date(rfc3339: text) : nil
            }
    }
}
