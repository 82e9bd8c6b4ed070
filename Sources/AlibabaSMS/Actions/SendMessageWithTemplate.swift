public import Redaction
public import SMSKit

/// Sends one message to one number in mainland China, where only approved templates may be sent.
public struct SendMessageWithTemplate: AlibabaSMSAction, Hashable {
    /// The name on the wire.
    public static let name = "SendMessageWithTemplate"

    /// The longest value of a variable.
    public static let maximumValueLength = 200

    /// The recipient.
    public var to: PhoneNumber

    /// The approved signature, which may be Chinese.
    public var from: String

    /// The template's name, such as `SMS_123456`.
    public var templateCode: String

    /// The values of the template's variables.
    public var templateParameters: [String: String]

    /// Digits that are added to the sender's number, so that replies can be told apart.
    public var replyExtension: String?

    /// For how many seconds the gateway may try; at least 1.
    public var validityPeriod: Int?

    /// The delivery channel, a name that Alibaba gives out.
    public var channelID: String?

    /// Creates a request.
    ///
    /// - Parameters:
    ///   - to: The recipient, in mainland China.
    ///   - from: The approved signature.
    ///   - templateCode: The template's name.
    ///   - templateParameters: The values of the template's variables.
    ///   - replyExtension: Digits that are added to the sender's number.
    ///   - validityPeriod: For how many seconds the gateway may try.
    ///   - channelID: The delivery channel.
    public init(
        to: PhoneNumber,
        from: String,
        templateCode: String,
        templateParameters: [String: String] = [:],
        replyExtension: String? = nil,
        validityPeriod: Int? = nil,
        channelID: String? = nil
    ) {
        self.to = to
        self.from = from
        self.templateCode = templateCode
        self.templateParameters = templateParameters
        self.replyExtension = replyExtension
        self.validityPeriod = validityPeriod
        self.channelID = channelID
    }

    /// The parameters on the wire; the variables are one JSON object.
    public var parameters: [RequestParameter] {
        [RequestParameter](
            [("To", self.to.wireDigits), ("From", self.from), ("TemplateCode", self.templateCode)],
            optional: [
                ("TemplateParam", self.templateParameters.isEmpty ? nil : JSONText.object(self.templateParameters)),
                ("SmsUpExtendCode", self.replyExtension),
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
        try Self.require(self.to.isMainlandChina, "to", "is not in mainland China, the only place this action serves")
        try MainlandTemplate.validate(signature: self.from, signatureField: "from", templateCode: self.templateCode)
        for (name, value) in self.templateParameters {
            try Self.require(!name.isEmpty, "templateParameters", "hold an empty name")
            try Self.require(
                (1...Self.maximumValueLength).contains(value.utf16.count),
                "templateParameters",
                "must have 1 to \(Self.maximumValueLength) characters each"
            )
        }
        if let replyExtension = self.replyExtension {
            try Self.require(
                !replyExtension.isEmpty && replyExtension.utf8.allSatisfy { (0x30...0x39).contains($0) },
                "replyExtension",
                "must be digits"
            )
        }
        try Self.requireOptions(taskID: nil, validityPeriod: self.validityPeriod, channelID: self.channelID)
    }
}

extension SendMessageWithTemplate: Redacted {
    /// The masked recipient, never the variables.
    public var description: String { "SendMessageWithTemplate(to \(self.to))" }
}
