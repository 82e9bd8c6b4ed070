// SPDX-License-Identifier: Apache-2.0

/// A code that the last line of a message, such as `@example.com #123456`, binds to a website.
///
/// The format is specified by WICG, "Origin-bound one-time codes delivered via SMS".
struct OriginBoundCode: Sendable, Hashable {
    /// The host of the website.
    let host: String

    /// The verification code.
    let code: String

    /// The host of an embedded frame; `nil` if the code is not meant for a frame.
    let embeddedHost: String?

    /// Parses a message, or returns `nil` if the message contains no origin-bound code.
    ///
    /// - Parameter message: The whole text. Only the last line is parsed. If the text ends with a line break, the last line is
    ///   empty.
    init?(_ message: String) {
        var rest = Self.lastLine(of: message)
        guard let host = Self.takeToken("@", from: &rest), rest.first == " " else { return nil }
        rest.removeFirst()
        guard let code = Self.takeToken("#", from: &rest) else { return nil }
        self.host = host
        self.code = code
        // The specification requires further text to be ignored, so that the format can be extended.
        if rest.first == " " {
            rest.removeFirst()
            self.embeddedHost = Self.takeToken("@", from: &rest)
        } else {
            self.embeddedHost = nil
        }
    }

    /// Returns the text after the last line feed or carriage return.
    private static func lastLine(of message: String) -> Substring.UnicodeScalarView {
        // The search uses Unicode scalars, because a `Character` can be CR LF, or a blank with a combining mark.
        let scalars = message.unicodeScalars
        guard let end = scalars.lastIndex(where: { $0 == "\n" || $0 == "\r" }) else { return scalars[...] }
        return scalars[scalars.index(after: end)...]
    }

    /// Removes a marker such as `#` and the following text up to the next ASCII white space.
    ///
    /// Returns the removed text without the marker, or `nil` if the marker or the text is missing.
    private static func takeToken(_ marker: Unicode.Scalar, from text: inout Substring.UnicodeScalarView) -> String? {
        guard text.first == marker else { return nil }
        let token = text.dropFirst().prefix { !["\t", "\n", "\u{0C}", "\r", " "].contains($0) }
        guard !token.isEmpty else { return nil }
        text = text[token.endIndex...]
        return String(token)
    }
}
