// SPDX-License-Identifier: Apache-2.0

import TextFormats

/// The identifier of one send, which a gateway repeats in its delivery report.
///
/// The identifier contains the ID of the challenge, so every process can find the challenge of a report.
package struct DispatchID: Sendable, Hashable {
    private static let challengeLength = 22
    private static let length = 38

    /// The ``ChallengeToken/challengeID`` of the challenge.
    package let challengeID: String

    /// The text of the identifier, which consists of 38 letters, digits, hyphens and underscores.
    package let text: String

    /// Creates an identifier.
    ///
    /// - Parameters:
    ///   - token: The token of the challenge.
    ///   - nonce: 12 random bytes, so that each send has its own identifier.
    init(_ token: ChallengeToken, _ nonce: [UInt8]) {
        self.challengeID = token.challengeID
        self.text = Base64URL.encode(nonce, after: self.challengeID)
    }

    /// Parses an identifier; `nil` if the text is not the identifier of a send.
    ///
    /// - Parameter text: The text in a delivery report.
    package init?(_ text: String) {
        guard text.utf8.count == Self.length, Base64URL.decode(text.prefix(Self.challengeLength)) != nil,
            Base64URL.decode(text.dropFirst(Self.challengeLength)) != nil
        else { return nil }
        self.challengeID = String(text.prefix(Self.challengeLength))
        self.text = text
    }
}
