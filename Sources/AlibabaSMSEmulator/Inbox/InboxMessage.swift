// SPDX-License-Identifier: Apache-2.0

import JSONOutput
public import Redaction
import SMSKit

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// A message that the emulator accepted.
///
/// The properties contain the phone number and the text unmasked. `description`, `dump` and `Mirror` show neither.
public struct InboxMessage: Codable, Sendable, Hashable, Identifiable {
    /// The ID of the message in the inbox.
    ///
    /// IDs start at 1 and are never reused.
    public var id: Int
    /// The inbox namespace of the message.
    public var namespace: String
    /// The message ID that the gateway assigned.
    public var messageID: String
    /// The ID that the gateway assigned to the request.
    public var requestID: String
    /// The recipient in E.164 format, with the plus sign.
    public var to: String
    /// The sender ID; `nil` if the request had none.
    public var from: String?
    /// The text of the message.
    public var text: String
    /// The message type, such as `OTP`, `NOTIFY` or `MKT`.
    public var type: String?
    /// The task ID that the sender chose.
    public var taskID: String?
    /// The validity period in seconds, after which the gateway no longer submits the message.
    public var validityPeriod: Int?
    /// The time at which the emulator accepted the message, in whole milliseconds.
    public var receivedAt: Date
    /// The encoding of the text: `gsm7` or `ucs2`.
    public var encoding: String
    /// The number of billed segments.
    public var segments: Int
    /// The length of the text in units of its encoding, which are GSM-7 septets or UTF-16 units.
    public var units: Int
    /// The number of units that are free in the last segment.
    public var unitsLeft: Int
    /// The ISO 3166-1 code of the recipient's country or territory, if known.
    public var region: String?
    /// The verification code in the text; `nil` if no code was found.
    public var code: String?
    /// The rule by which the code was found; `nil` if no code was found.
    public var codeRule: CodeRule?
    /// The API action that sent the message, such as `SendMessageToGlobe`.
    public var action: String
    /// The template of the message; `nil` if the message has no template.
    public var template: Template?
    /// The cost of the message in millionths of the account's currency.
    public var costMicros: Int
    /// The current delivery status.
    public var status: Status
    /// The events of the message, oldest first.
    public var timeline: [Event]

    private enum CodingKeys: String, CodingKey {
        case id, to, from, text, type, validityPeriod, receivedAt, encoding, segments, code, codeRule
        case units, unitsLeft, region, namespace
        case action, template, costMicros, status, timeline
        case messageID = "messageId"
        case requestID = "requestId"
        case taskID = "taskId"
    }

    /// Creates an accepted message.
    ///
    /// The initializer computes ``units``, ``unitsLeft`` and ``region``. The first event in ``timeline`` is the acceptance.
    ///
    /// - Parameters:
    ///   - id: The ID of the message in the inbox.
    ///   - namespace: The inbox namespace of the message.
    ///   - messageID: The message ID that the gateway assigned.
    ///   - requestID: The ID that the gateway assigned to the request.
    ///   - to: The recipient in E.164 format, with the plus sign.
    ///   - from: The sender ID.
    ///   - text: The text of the message.
    ///   - type: The message type.
    ///   - taskID: The task ID that the sender chose.
    ///   - validityPeriod: The validity period in seconds.
    ///   - receivedAt: The time at which the emulator accepted the message.
    ///   - encoding: The encoding of the text, `gsm7` or `ucs2`.
    ///   - segments: The number of billed segments.
    ///   - code: The verification code in the text.
    ///   - codeRule: The rule by which the code was found.
    ///   - action: The API action that sent the message.
    ///   - template: The template of the message.
    ///   - costMicros: The cost of the message in millionths of the account's currency.
    public init(
        id: Int = 0,
        namespace: String = "default",
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
        // In mainland China, a surrogate pair may be split between two segments, so a text may need fewer segments.
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
    /// The ID of the message, without its phone number and text.
    public var description: String { "InboxMessage(\(self.id))" }
}
