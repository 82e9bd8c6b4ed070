// SPDX-License-Identifier: Apache-2.0

public import Redaction
public import SMSKit

/// An action that sends one message to a number outside mainland China.
public struct SendMessageToGlobe: Sendable, Hashable {
    /// The purpose of a message, which determines its route.
    public struct MessageType: Sendable, Hashable, CustomStringConvertible {
        let wireName: String

        /// The name of the message type in requests, such as `NOTIFY`.
        public var description: String { self.wireName }

        /// The message contains a verification code.
        public static let oneTimePassword = Self(wireName: "OTP")

        /// The message is a notification.
        public static let notification = Self(wireName: "NOTIFY")

        /// The message is an advertisement.
        public static let promotion = Self(wireName: "MKT")
    }

    /// The type of the gateway's response to the action.
    public typealias Response = SendMessageResponse

    /// The name of the action in requests.
    public static let name = "SendMessageToGlobe"

    /// The recipient.
    public var to: PhoneNumber

    /// The text of the message.
    public var message: String

    /// The approved sender ID; `nil` lets the gateway choose.
    public var from: String?

    /// The purpose of the message, which determines its route.
    public var type: MessageType?

    /// The identifier that the caller assigns to the message, 1 to 255 characters long.
    ///
    /// The delivery report contains this identifier.
    public var taskID: String?

    /// The time, in whole seconds, after which the gateway drops the undelivered message.
    ///
    /// The minimum is one second. `nil` selects the gateway's default.
    public var validity: Duration?

    /// The name of the delivery channel, as assigned by Alibaba.
    public var channelID: String?

    /// Creates a message.
    ///
    /// - Parameters:
    ///   - to: The recipient.
    ///   - message: The text of the message.
    ///   - from: The approved sender ID; `nil` lets the gateway choose.
    ///   - type: The purpose of the message.
    ///   - taskID: The identifier that the caller assigns to the message, 1 to 255 characters long.
    ///   - validity: The time after which the gateway drops the undelivered message; `nil` for the gateway's default.
    ///   - channelID: The name of the delivery channel, as assigned by Alibaba.
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
    /// The masked recipient, without the text of the message.
    public var description: String { "SendMessageToGlobe(to \(self.to))" }
}
