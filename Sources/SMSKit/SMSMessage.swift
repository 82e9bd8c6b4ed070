public import Redaction

/// One text message to one phone number.
///
/// A message is secret: its text may hold a verification code. Its `description` therefore shows neither text nor number.
public struct SMSMessage: Sendable, Hashable {
    /// What a message is for; gateways route and price by it.
    public enum Category: String, Sendable, Hashable, CaseIterable {
        /// A verification code, which is worthless when late.
        case oneTimePassword
        /// A notice about something that the recipient did, such as an order update.
        case notification
        /// An advertisement.
        case promotion
    }

    /// The recipient.
    public var recipient: PhoneNumber

    /// The text as the recipient shall read it.
    public var text: String

    /// The values that the text was made of, such as `code`, for gateways that only send templates of their own.
    public var variables: [String: String]

    /// What the message is for.
    public var category: Category

    /// How long the gateway may try to hand the message over before it must drop it; `nil` leaves that to the gateway.
    public var validity: Duration?

    /// The sender's own identifier of this dispatch, which delivery reports repeat; 1–255 characters.
    public var dispatchID: String?

    /// Creates a message.
    ///
    /// - Parameters:
    ///   - recipient: The recipient.
    ///   - text: The text as the recipient shall read it.
    ///   - variables: The values that the text was made of.
    ///   - category: What the message is for.
    ///   - validity: How long the gateway may try to hand the message over; `nil` leaves that to the gateway.
    ///   - dispatchID: The sender's own identifier of this dispatch, 1–255 characters.
    public init(
        to recipient: PhoneNumber,
        text: String,
        variables: [String: String] = [:],
        category: Category,
        validity: Duration? = nil,
        dispatchID: String? = nil
    ) {
        self.recipient = recipient
        self.text = text
        self.variables = variables
        self.category = category
        self.validity = validity
        self.dispatchID = dispatchID
    }
}

extension SMSMessage: Redacted {
    /// The category and the masked recipient, never the text.
    public var description: String { "SMSMessage(\(self.category.rawValue) to \(self.recipient))" }
}
