// SPDX-License-Identifier: Apache-2.0

public import Redaction
public import SMSKit

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// An action that reports whether a verification code was used.
///
/// The gateway uses these reports to choose routes. Use a ``ConversionReporter`` to send reports in the background, so that a
/// failed report cannot affect a login.
public struct SmsConversion: Sendable, Hashable {
    /// The type of the gateway's response to the action.
    public typealias Response = ConversionResponse

    /// The name of the action in requests.
    public static let name = "SmsConversion"

    /// The gateway's identifier of the message.
    public var messageID: String

    /// Whether the code was used.
    ///
    /// The gateway's name for this parameter is `Delivered`.
    public var isDelivered: Bool

    /// The phone number that received the code.
    public var to: PhoneNumber?

    /// The time at which the code was used; `nil` means the time of the call.
    public var time: Date?

    /// Creates a report.
    ///
    /// - Parameters:
    ///   - messageID: The gateway's identifier of the message.
    ///   - isDelivered: Whether the code was used.
    ///   - to: The phone number that received the code.
    ///   - time: The time at which the code was used; `nil` means the time of the call. The time must be after the send, and
    ///     not in the future.
    public init(messageID: String, isDelivered: Bool, to: PhoneNumber? = nil, time: Date? = nil) {
        self.messageID = messageID
        self.isDelivered = isDelivered
        self.to = to
        self.time = time
    }
}

extension SmsConversion: AlibabaSMSAction {
    package static var isIdempotent: Bool { true }

    package var parameters: [RequestParameter] {
        [RequestParameter](
            [("MessageId", self.messageID), ("Delivered", self.isDelivered ? "true" : "false")],
            optional: [("To", self.to?.wireDigits), ("ConversionTime", self.time?.wireMilliseconds)]
        )
    }

    package func validate(with configuration: AlibabaSMSConfiguration) throws(AlibabaSMSError) {
        try Self.requireMessageID(self.messageID)
        if let time = self.time { try Self.require(time.isOnWire, "time", "must be between 1970 and 9999") }
    }
}

extension SmsConversion: Redacted {
    /// A text that shows whether the code was used, without the message ID, the phone number and the time.
    public var description: String { "SmsConversion(isDelivered: \(self.isDelivered))" }
}

extension Date {
    /// The time in milliseconds since the start of 1970 in UTC, as text.
    var wireMilliseconds: String { "\(Int64(self.timeIntervalSince1970 * 1000))" }

    /// Whether the time can be encoded in a request: the year must be from 1970 to 9999.
    var isOnWire: Bool { (0..<253_402_300_800).contains(self.timeIntervalSince1970) }
}
