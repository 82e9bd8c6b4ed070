// SPDX-License-Identifier: Apache-2.0

public import Redaction
public import SMSKit

/// An action that sends up to 1,000 messages to numbers outside mainland China.
///
/// Use batches only for messages that are not urgent, because the gateway allows only one batch per second.
/// ``Response/dispositions(of:)`` returns the outcome of each message.
public struct BatchSendMessageToGlobe: Sendable, Hashable {
    /// A message of a batch.
    public struct Message: Sendable, Hashable {
        /// The recipient.
        public var to: PhoneNumber

        /// The text of the message.
        public var text: String

        /// Creates a message.
        ///
        /// - Parameters:
        ///   - to: The recipient.
        ///   - text: The text of the message.
        public init(to: PhoneNumber, text: String) {
            self.to = to
            self.text = text
        }
    }

    /// The purpose of the messages, which determines their route.
    ///
    /// Verification codes cannot be sent in batches.
    public struct MessageType: Sendable, Hashable, CustomStringConvertible {
        let wireName: String

        /// The name of the message type in requests, such as `NOTIFY`.
        public var description: String { self.wireName }

        /// The messages are notifications.
        public static let notification = Self(wireName: "NOTIFY")

        /// The messages are advertisements.
        public static let promotion = Self(wireName: "MKT")
    }

    /// The name of the action in requests.
    public static let name = "BatchSendMessageToGlobe"

    /// The maximum number of messages per call.
    public static let maximumCount = 1000

    /// The messages: at least 1 and at most 1,000.
    ///
    /// Each phone number may occur only once, because the response identifies messages by phone number.
    public var messages: [Message]

    /// The approved sender ID of all messages; `nil` lets the gateway choose.
    public var from: String?

    /// The purpose of the messages, which determines their route.
    public var type: MessageType?

    /// The identifier that the caller assigns to the messages, 1 to 255 characters long.
    ///
    /// Delivery reports contain this identifier.
    public var taskID: String?

    /// The time, in whole seconds, after which the gateway drops undelivered messages.
    ///
    /// The minimum is one second. `nil` selects the gateway's default.
    public var validity: Duration?

    /// The name of the delivery channel, as assigned by Alibaba.
    public var channelID: String?

    /// Creates a batch.
    ///
    /// - Parameters:
    ///   - messages: The messages: at least 1 and at most 1,000.
    ///   - from: The approved sender ID of all messages; `nil` lets the gateway choose.
    ///   - type: The purpose of the messages.
    ///   - taskID: The identifier that the caller assigns to the messages, 1 to 255 characters long.
    ///   - validity: The time after which the gateway drops undelivered messages; `nil` for the gateway's default.
    ///   - channelID: The name of the delivery channel, as assigned by Alibaba.
    public init(
        _ messages: [Message],
        from: String? = nil,
        type: MessageType? = nil,
        taskID: String? = nil,
        validity: Duration? = nil,
        channelID: String? = nil
    ) {
        self.messages = messages
        self.from = from
        self.type = type
        self.taskID = taskID
        self.validity = validity
        self.channelID = channelID
    }
}

extension BatchSendMessageToGlobe: GlobeAction {
    var typeName: String? { self.type?.wireName }

    /// The parameters of the request.
    ///
    /// The phone numbers and the texts are two JSON arrays of equal length.
    package var parameters: [RequestParameter] {
        [RequestParameter](
            [
                ("To", JSONText.text(self.messages.map(\.to.wireDigits))),
                ("Message", JSONText.text(self.messages.map(\.text))),
            ],
            optional: self.options
        )
    }

    package func validate(with configuration: AlibabaSMSConfiguration) throws(AlibabaSMSError) {
        try Self.require(
            (1...Self.maximumCount).contains(self.messages.count),
            "messages",
            "must be 1 to \(Self.maximumCount)"
        )
        try Self.require(
            Set(self.messages.map(\.to)).count == self.messages.count,
            "messages",
            "contain a phone number twice, which the response could not tell apart"
        )
        for message in self.messages {
            try Self.require(
                !message.to.isMainlandChina,
                "messages",
                "contain a number of mainland China, which this action does not serve"
            )
            try Self.requireText(message.text, "messages", with: configuration)
        }
        try self.validateOptions()
    }

    /// Returns whether the gateway accepted some messages although it rejected the batch.
    package static func wasPartlyDone(_ response: Response) -> Bool {
        response.messageIDs?.isEmpty == false || (response.successCount ?? 0) > 0
    }
}

extension BatchSendMessageToGlobe: Redacted {
    /// The number of messages, without any phone number or text.
    public var description: String { "BatchSendMessageToGlobe(\(self.messages.count) messages)" }
}

extension BatchSendMessageToGlobe.Message: Redacted {
    /// The masked recipient, without the text of the message.
    public var description: String { "Message(to \(self.to))" }
}
