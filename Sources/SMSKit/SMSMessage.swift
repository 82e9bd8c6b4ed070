// SPDX-License-Identifier: Apache-2.0

public import Redaction

/// One text message to one phone number.
///
/// A message is secret, because its text may contain a verification code. Its `description` shows neither text nor number.
public struct SMSMessage: Sendable, Hashable {
    /// The recipient.
    public var recipient: PhoneNumber

    /// The text that the recipient reads.
    public var text: String

    /// The values in the text, such as `code`, for gateways that send only their own templates.
    public var variables: [String: String]

    /// The purpose of the message.
    public var category: Category

    /// The time in which the gateway may deliver the message before it drops it; `nil` for the gateway's default.
    public var validity: Duration?

    /// The sender's identifier of this send, which delivery reports repeat; 1 to 255 characters.
    public var dispatchID: String?

    /// Creates a message.
    ///
    /// - Parameters:
    ///   - recipient: The recipient.
    ///   - text: The text that the recipient reads.
    ///   - variables: The values in the text.
    ///   - category: The purpose of the message.
    ///   - validity: The time in which the gateway may deliver the message; `nil` for the gateway's default.
    ///   - dispatchID: The sender's identifier of this send, 1 to 255 characters.
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
    public var description: String { "SMSMessage(\(self.category) to \(self.recipient))" }
}
