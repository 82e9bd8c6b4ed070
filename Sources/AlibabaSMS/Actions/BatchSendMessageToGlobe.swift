// SPDX-License-Identifier: Apache-2.0

public import Redaction
public import SMSKit

/// Sends up to 1,000 messages to numbers outside mainland China, for messages that are not urgent.
///
/// The gateway admits one such call per second. Its response lists the numbers that failed; see
/// ``Response/dispositions(of:)``.
public struct BatchSendMessageToGlobe: Sendable, Hashable {
    /// One message of a batch.
    public struct Message: Sendable, Hashable {
        /// The recipient.
        public var to: PhoneNumber

        /// The text.
        public var text: String

        /// Creates a message.
        ///
        /// - Parameters:
        ///   - to: The recipient.
        ///   - text: The text.
        public init(to: PhoneNumber, text: String) {
            self.to = to
            self.text = text
        }
    }

    /// The purpose of the messages, which decides the route.
    ///
    /// Verification codes cannot be sent in batches.
    public struct MessageType: Sendable, Hashable, CustomStringConvertible {
        let wireName: String

        /// The name on the wire, such as `NOTIFY`.
        public var description: String { self.wireName }

        /// Notifications.
        public static let notification = Self(wireName: "NOTIFY")

        /// Advertisements.
        public static let promotion = Self(wireName: "MKT")
    }

    /// The name on the wire.
    public static let name = "BatchSendMessageToGlobe"

    /// The most messages of one call.
    public static let maximumCount = 1000

    /// The messages.
    ///
    /// Each number may occur once, because the response identifies messages by number.
    public var messages: [Message]

    /// The sender ID of all messages, which the account must have approved; `nil` lets the gateway choose.
    public var from: String?

    /// The purpose of the messages.
    public var type: MessageType?

    /// An identifier that the delivery reports repeat, 1 to 255 characters.
    public var taskID: String?

    /// The time in which the gateway may deliver the messages, in whole seconds; at least one second is sent.
    public var validity: Duration?

    /// The delivery channel, a name that Alibaba assigns.
    public var channelID: String?

    /// Creates a batch.
    ///
    /// - Parameters:
    ///   - messages: The messages, 1 to 1,000.
    ///   - from: The sender ID of all messages.
    ///   - type: The purpose of the messages.
    ///   - taskID: An identifier that the delivery reports repeat.
    ///   - validity: The time in which the gateway may deliver the messages.
    ///   - channelID: The delivery channel.
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

    /// Two JSON arrays of equal length, one of numbers and one of texts, and the options.
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

    /// Returns whether a rejection lists messages that were accepted.
    package static func wasPartlyDone(_ response: Response) -> Bool {
        response.messageIDs?.isEmpty == false || (response.successCount ?? 0) > 0
    }
}

extension BatchSendMessageToGlobe: Redacted {
    /// The number of messages, never a phone number or a text.
    public var description: String { "BatchSendMessageToGlobe(\(self.messages.count) messages)" }
}

extension BatchSendMessageToGlobe.Message: Redacted {
    /// The masked recipient, never the text.
    public var description: String { "Message(to \(self.to))" }
}
