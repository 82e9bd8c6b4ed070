public import FoundationEssentials
public import Redaction
public import SMSKit

/// Tells the gateway whether a verification code was used, by which it chooses routes.
///
/// It belongs into the background, where its failure cannot touch a login; see ``ConversionReporter``.
public struct SmsConversion: AlibabaSMSAction, Hashable {
    /// What the gateway answers.
    public typealias Response = ConversionResponse

    /// The name on the wire.
    public static let name = "SmsConversion"

    /// `true`: saying the same twice changes nothing.
    public static let isRepeatable = true

    /// The identifier of the message.
    public var messageID: String

    /// Whether the code was used.
    public var isDelivered: Bool

    /// The number.
    public var to: PhoneNumber?

    /// When the code was used; `nil` is the time of the call.
    public var time: Date?

    /// Creates a request.
    ///
    /// - Parameters:
    ///   - messageID: The identifier of the message.
    ///   - isDelivered: Whether the code was used.
    ///   - to: The number.
    ///   - time: When the code was used, not before the message and not in the future.
    public init(messageID: String, isDelivered: Bool, to: PhoneNumber? = nil, time: Date? = nil) {
        self.messageID = messageID
        self.isDelivered = isDelivered
        self.to = to
        self.time = time
    }

    /// The parameters on the wire.
    public var parameters: [RequestParameter] {
        [RequestParameter](
            [("MessageId", self.messageID), ("Delivered", self.isDelivered ? "true" : "false")],
            optional: [("To", self.to?.wireDigits), ("ConversionTime", self.time?.wireMilliseconds)]
        )
    }

    /// Checks the fields before anything is sent.
    ///
    /// - Parameter configuration: Not used.
    /// - Throws: An error that names the field at fault and not its value.
    public func validate(with configuration: AlibabaSMSConfiguration) throws(AlibabaSMSError) {
        try Self.requireMessageID(self.messageID)
        if let time = self.time { try Self.require(time.isOnWire, "time", "must lie in the years 1970 to 9999") }
    }
}

extension SmsConversion: Redacted {
    /// Whether the code was used, never the number.
    public var description: String { "SmsConversion(isDelivered: \(self.isDelivered))" }
}

extension Date {
    /// Milliseconds since 1970.
    var wireMilliseconds: String { "\(Int64(self.timeIntervalSince1970 * 1000))" }

    /// Whether the time can be sent at all.
    var isOnWire: Bool { (0..<253_402_300_800).contains(self.timeIntervalSince1970) }
}
