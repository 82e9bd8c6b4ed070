// SPDX-License-Identifier: Apache-2.0

public import Redaction
import SMSKit

/// A token that a device receives after a verification, and sends with requests for later codes.
///
/// Pass ``text`` to the client, which stores it like a session cookie. Never log it.
public struct DeviceToken: Sendable, Hashable {
    /// The token as a text of ASCII characters that need no escaping in JSON or a form.
    public let text: String

    /// Creates a token from its text, ignoring trailing white space.
    ///
    /// - Parameter text: A value of ``text``.
    /// - Throws: ``OTPError`` with the code ``OTPError/Code/invalidToken``.
    public init(_ text: String) throws(OTPError) {
        let text = text.withoutBlankEnd
        guard (1...512).contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw OTPError(.invalidToken, "the text is not a device token of this service")
        }
        self.text = String(text)
    }
}

extension DeviceToken: Codable {
    /// Decodes a token from its text.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        do {
            try self.init(container.decode(String.self))
        } catch let error as OTPError {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: error.message)
        }
    }

    /// Encodes the text of the token, which is secret.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.text)
    }
}

extension DeviceToken: Redacted {
    /// A placeholder instead of the token.
    public var description: String { "<redacted>" }
}
