// SPDX-License-Identifier: Apache-2.0

public import Redaction
public import SMSKit
import TextFormats

/// Sends one message to one number in mainland China, where only approved templates may be sent.
public struct SendMessageWithTemplate: Sendable, Hashable {
    /// The name on the wire.
    public static let name = "SendMessageWithTemplate"

    /// The longest value of a variable, in UTF-16 code units.
    public static let maximumValueLength = 200

    /// The recipient.
    public var to: PhoneNumber

    /// The approved signature, which may be Chinese.
    public var from: String

    /// The code of the template, such as `SMS_123456`.
    public var templateCode: String

    /// The values of the template's variables.
    public var templateParameters: [String: String]

    /// Digits that are appended to the sender's number, to distinguish replies.
    public var replyExtension: String?

    /// The time in which the gateway may deliver the message, in whole seconds; at least one second is sent.
    public var validity: Duration?

    /// The delivery channel, a name that Alibaba assigns.
    public var channelID: String?

    /// Creates a message.
    ///
    /// - Parameters:
    ///   - to: The recipient, in mainland China.
    ///   - from: The approved signature.
    ///   - templateCode: The code of the template.
    ///   - templateParameters: The values of the template's variables.
    ///   - replyExtension: Digits that are appended to the sender's number.
    ///   - validity: The time in which the gateway may deliver the message.
    ///   - channelID: The delivery channel.
    public init(
        to: PhoneNumber,
        from: String,
        templateCode: String,
        templateParameters: [String: String] = [:],
        replyExtension: String? = nil,
        validity: Duration? = nil,
        channelID: String? = nil
    ) {
        self.to = to
        self.from = from
        self.templateCode = templateCode
        self.templateParameters = templateParameters
        self.replyExtension = replyExtension
        self.validity = validity
        self.channelID = channelID
    }
}

extension SendMessageWithTemplate: AlibabaSMSAction {
    /// The options, and the variables as one JSON object.
    package var parameters: [RequestParameter] {
        [RequestParameter](
            [("To", self.to.wireDigits), ("From", self.from), ("TemplateCode", self.templateCode)],
            optional: [
                ("TemplateParam", self.templateParameters.isEmpty ? nil : JSONText.text(self.templateParameters)),
                ("SmsUpExtendCode", self.replyExtension),
                ("ValidityPeriod", self.validity?.wireSeconds),
                ("ChannelId", self.channelID),
            ]
        )
    }

    package func validate(with configuration: AlibabaSMSConfiguration) throws(AlibabaSMSError) {
        try Self.require(self.to.isMainlandChina, "to", "is outside mainland China, the only region of this action")
        try MainlandTemplate.validate(signature: self.from, signatureField: "from", templateCode: self.templateCode)
        for (name, value) in self.templateParameters {
            try Self.require(!name.isEmpty, "templateParameters", "contain an empty name")
            try Self.require(
                (1...Self.maximumValueLength).contains(value.utf16.count),
                "templateParameters",
                "must have 1 to \(Self.maximumValueLength) characters each"
            )
        }
        if let replyExtension = self.replyExtension {
            try Self.require(
                !replyExtension.isEmpty && replyExtension.utf8.allSatisfy(\.isASCIIDigit),
                "replyExtension",
                "must be digits"
            )
        }
        try Self.requireOptions(taskID: nil, validity: self.validity, channelID: self.channelID)
    }
}

extension SendMessageWithTemplate: Redacted {
    /// The masked recipient, never the variables.
    public var description: String { "SendMessageWithTemplate(to \(self.to))" }
}
