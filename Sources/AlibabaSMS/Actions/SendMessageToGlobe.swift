public import Redaction
public import SMSKit

/// Sends one message to one number outside mainland China.
public struct SendMessageToGlobe: AlibabaSMSAction, Hashable {
    /// What a message is for; it decides the route.
    public enum MessageType: String, Sendable, Hashable, CaseIterable {
        /// A verification code.
        case oneTimePassword = "OTP"
        /// A notice.
        case notification = "NOTIFY"
        /// An advertisement.
        case promotion = "MKT"
    }

    /// The name on the wire.
    public static let name = "SendMessageToGlobe"

    /// The recipient.
    public var to: PhoneNumber

    /// The text.
    public var message: String

    /// The sender ID, which the account must have approved; `nil` leaves it to the gateway.
    public var from: String?

    /// What the message is for.
    public var type: MessageType?

    /// An identifier that the delivery report repeats, 1–255 characters.
    public var taskID: String?

    /// For how many seconds the gateway may try; at least 1.
    public var validityPeriod: Int?

    /// The delivery channel, a name that Alibaba gives out.
    public var channelID: String?

    /// Creates a request.
    ///
    /// - Parameters:
    ///   - to: The recipient.
    ///   - message: The text.
    ///   - from: The sender ID.
    ///   - type: What the message is for.
    ///   - taskID: An identifier that the delivery report repeats.
    ///   - validityPeriod: For how many seconds the gateway may try.
    ///   - channelID: The delivery channel.
    public init(
        to: PhoneNumber,
        message: String,
        from: String? = nil,
        type: MessageType? = nil,
        taskID: String? = nil,
        validityPeriod: Int? = nil,
        channelID: String? = nil
    ) {
        self.to = to
        self.message = message
        self.from = from
        self.type = type
        self.taskID = taskID
        self.validityPeriod = validityPeriod
        self.channelID = channelID
    }

    /// The parameters on the wire; the number goes without its plus sign.
    public var parameters: [RequestParameter] {
        [RequestParameter](
            [("To", self.to.wireDigits), ("Message", self.message)],
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
        try Self.require(!self.to.isMainlandChina, "to", "is in mainland China, which this action does not serve")
        try Self.requireText(self.message, "message", with: configuration)
        if let from = self.from { try Self.require(SenderID.isValid(from), "from", SenderID.rule) }
        try Self.requireOptions(
            taskID: self.taskID,
            validityPeriod: self.validityPeriod,
            channelID: self.channelID
        )
    }
}

extension SendMessageToGlobe: Redacted {
    /// The masked recipient, never the text.
    public var description: String { "SendMessageToGlobe(to \(self.to))" }
}
