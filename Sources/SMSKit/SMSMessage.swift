// SPDX-License-Identifier: Apache-2.0

public import Redaction

/// A text message to one phone number.
///
/// A message is secret, because its text may contain a verification code. The `description` of a message shows neither the text
/// nor the full number.
public struct SMSMessage: Sendable, Hashable {
    /// The recipient.
    public var recipient: PhoneNumber

    /// The text that the recipient reads.
    public var text: String

    /// The values in the text, keyed by names such as `code`.
    ///
    /// A gateway that sends only its own templates needs these values instead of the text.
    public var variables: [String: String]

    /// The purpose of the message, which determines how gateways route and price the message.
    public var category: Category

    /// The time after which the gateway drops an undelivered message; `nil` for the gateway's default.
    public var validity: Duration?

    /// The identifier that the caller assigns to this send, 1 to 255 characters long; `nil` for none.
    ///
    /// Delivery reports repeat the identifier.
    public var dispatchID: String?

    /// Creates a message.
    ///
    /// - Parameters:
    ///   - recipient: The recipient.
    ///   - text: The text that the recipient reads.
    ///   - variables: The values in the text, keyed by name.
    ///   - category: The purpose of the message.
    ///   - validity: The time after which the gateway drops an undelivered message; `nil` for the gateway's default.
    ///   - dispatchID: The identifier that the caller assigns to this send, 1 to 255 characters long; `nil` for none.
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
    /// The category and the masked recipient, without the text.
    public var description: String { "SMSMessage(\(self.category) to \(self.recipient))" }
}
