// SPDX-License-Identifier: Apache-2.0

public import Redaction
public import SMSKit
import TextFormats

/// An action that sends one message to a number in mainland China.
///
/// Mainland China allows only messages from approved templates.
public struct SendMessageWithTemplate: Sendable, Hashable {
    /// The type of the gateway's response to the action.
    public typealias Response = SendMessageResponse

    /// The name of the action in requests.
    public static let name = "SendMessageWithTemplate"

    /// The maximum length of a variable's value, in UTF-16 code units.
    public static let maximumValueLength = 200

    /// The recipient.
    public var to: PhoneNumber

    /// The approved signature: the name of the sender, which may contain Chinese characters.
    public var from: String

    /// The code of the template, such as `SMS_123456`.
    public var templateCode: String

    /// The values of the template's variables, keyed by variable name.
    public var templateParameters: [String: String]

    /// Digits that are appended to the sender's number, to identify replies.
    public var replyExtension: String?

    /// The time, in whole seconds, after which the gateway drops the undelivered message.
    ///
    /// The minimum is one second. `nil` selects the gateway's default.
    public var validity: Duration?

    /// The name of the delivery channel, as assigned by Alibaba.
    public var channelID: String?

    /// Creates a message.
    ///
    /// - Parameters:
    ///   - to: The recipient, in mainland China.
    ///   - from: The approved signature.
    ///   - templateCode: The code of the template, such as `SMS_123456`.
    ///   - templateParameters: The values of the template's variables, keyed by variable name.
    ///   - replyExtension: Digits that are appended to the sender's number, to identify replies.
    ///   - validity: The time after which the gateway drops the undelivered message; `nil` for the gateway's default.
    ///   - channelID: The name of the delivery channel, as assigned by Alibaba.
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
    /// The parameters of the request.
    ///
    /// The variables are encoded as one JSON object.
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
    /// The masked recipient, without the values of the variables.
    public var description: String { "SendMessageWithTemplate(to \(self.to))" }
}
