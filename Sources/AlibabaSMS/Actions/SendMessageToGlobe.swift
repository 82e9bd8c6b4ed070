// SPDX-License-Identifier: Apache-2.0

public import Redaction
public import SMSKit

/// Sends one message to one number outside mainland China.
public struct SendMessageToGlobe: Sendable, Hashable {
    /// The purpose of a message, which decides the route.
    public struct MessageType: Sendable, Hashable, CustomStringConvertible {
        let wireName: String

        /// The name on the wire, such as `NOTIFY`.
        public var description: String { self.wireName }

        /// A verification code.
        public static let oneTimePassword = Self(wireName: "OTP")

        /// A notification.
        public static let notification = Self(wireName: "NOTIFY")

        /// An advertisement.
        public static let promotion = Self(wireName: "MKT")
    }

    /// The response of the gateway.
    public typealias Response = SendMessageResponse

    /// The name on the wire.
    public static let name = "SendMessageToGlobe"

    /// The recipient.
    public var to: PhoneNumber

    /// The text.
    public var message: String

    /// The sender ID, which the account must have approved; `nil` lets the gateway choose.
    public var from: String?

    /// The purpose of the message.
    public var type: MessageType?

    /// An identifier that the delivery report repeats, 1 to 255 characters.
    public var taskID: String?

    /// The time in which the gateway may deliver the message, in whole seconds; at least one second is sent.
    public var validity: Duration?

    /// The delivery channel, a name that Alibaba assigns.
    public var channelID: String?

    /// Creates a message.
    ///
    /// - Parameters:
    ///   - to: The recipient.
    ///   - message: The text.
    ///   - from: The sender ID.
    ///   - type: The purpose of the message.
    ///   - taskID: An identifier that the delivery report repeats.
    ///   - validity: The time in which the gateway may deliver the message.
    ///   - channelID: The delivery channel.
    public init(
        to: PhoneNumber,
        message: String,
        from: String? = nil,
        type: MessageType? = nil,
        taskID: String? = nil,
        validity: Duration? = nil,
        channelID: String? = nil
    ) {
        self.to = to
        self.message = message
        self.from = from
        self.type = type
        self.taskID = taskID
        self.validity = validity
        self.channelID = channelID
    }
}

extension SendMessageToGlobe: GlobeAction {
    var typeName: String? { self.type?.wireName }

    package var parameters: [RequestParameter] {
        [RequestParameter]([("To", self.to.wireDigits), ("Message", self.message)], optional: self.options)
    }

    package func validate(with configuration: AlibabaSMSConfiguration) throws(AlibabaSMSError) {
        try Self.require(!self.to.isMainlandChina, "to", "is in mainland China, which this action does not serve")
        try Self.requireText(self.message, "message", with: configuration)
        try self.validateOptions()
    }
}

extension SendMessageToGlobe: Redacted {
    /// The masked recipient, never the text.
    public var description: String { "SendMessageToGlobe(to \(self.to))" }
}
