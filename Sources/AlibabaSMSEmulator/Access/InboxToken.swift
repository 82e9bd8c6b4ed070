// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import Crypto
public import Redaction
import TextFormats

/// A token that grants access to the page and the REST API of an emulator.
public struct InboxToken: Sendable, Hashable {
    /// The error for a text that is not a valid token.
    public struct Invalid: Error, Sendable, Hashable, CustomStringConvertible {
        /// Creates an error.
        public init() {}

        /// A text that states the requirements for a token.
        public var description: String { "a token has 16 to 256 printable ASCII characters without blanks" }
    }

    let text: String

    /// Creates a token.
    ///
    /// - Parameter text: 16 to 256 printable ASCII characters without blanks.
    /// - Throws: ``Invalid`` if the text is not a valid token.
    public init(_ text: String) throws(Invalid) {
        guard (16...256).contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw Invalid()
        }
        self.text = text
    }

    /// Returns whether a text equals the token.
    ///
    /// The comparison takes constant time for texts of equal length.
    func matches(_ text: String) -> Bool {
        Self.isEqual(text, self.text)
    }

    /// The value of the session cookie, from which the token cannot be derived.
    var cookieValue: String { self.digest("inbox cookie") }

    /// The name of the session cookie.
    ///
    /// The name depends on the token, so that emulators on different ports of a host do not overwrite each other's cookies. A
    /// browser does not separate cookies by port.
    var cookieName: String { "otp_inbox_\(self.digest("inbox cookie name").prefix(8))" }

    /// Returns whether a text equals the value of the session cookie.
    func matches(cookieValue text: String) -> Bool {
        Self.isEqual(text, self.cookieValue)
    }

    private func digest(_ label: String) -> String {
        let key = SymmetricKey(data: Array(self.text.utf8))
        return Array(HMAC<SHA256>.authenticationCode(for: Array(label.utf8), using: key)).hex
    }

    /// Compares two texts by their digests, because swift-crypto compares digests in constant time.
    private static func isEqual(_ left: String, _ right: String) -> Bool {
        SHA256.hash(data: Array(left.utf8)) == SHA256.hash(data: Array(right.utf8))
    }
}

extension InboxToken: Redacted {
    /// The name of the type, without the token.
    public var description: String { "InboxToken" }
}
