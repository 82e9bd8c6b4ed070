/// The last line of a message that binds a one-time code to a website: `@example.com #123456`.
///
/// The format is that of the WICG specification "Origin-bound one-time codes delivered via SMS".
struct OriginBoundCode: Sendable, Hashable {
    /// The host of the website.
    let host: String

    /// The code.
    let code: String

    /// The host of a frame in that website, if the code is for one.
    let embeddedHost: String?

    /// Parses a message.
    ///
    /// - Parameter message: The whole text; only its last line counts. A line break at the end makes that line empty.
    init?(_ message: String) {
        var rest = Self.lastLine(of: message)
        guard let host = Self.takeToken("@", from: &rest), rest.first == " " else { return nil }
        rest.removeFirst()
        guard let code = Self.takeToken("#", from: &rest) else { return nil }
        self.host = host
        self.code = code
        // Anything else behind the code is ignored, so that the format can grow.
        if rest.first == " " {
            rest.removeFirst()
            self.embeddedHost = Self.takeToken("@", from: &rest)
        } else {
            self.embeddedHost = nil
        }
    }

    /// Everything after the last line feed or carriage return.
    private static func lastLine(of message: String) -> Substring.UnicodeScalarView {
        // Scalars, not characters: CR LF is a single character, and a mark after a blank would hide it.
        let scalars = message.unicodeScalars
        guard let end = scalars.lastIndex(where: { $0 == "\n" || $0 == "\r" }) else { return scalars[...] }
        return scalars[scalars.index(after: end)...]
    }

    /// A marker and all that follows it up to ASCII white space, or `nil` if there is no marker or nothing behind it.
    private static func takeToken(_ marker: Unicode.Scalar, from text: inout Substring.UnicodeScalarView) -> String? {
        guard text.first == marker else { return nil }
        let token = text.dropFirst().prefix { !["\t", "\n", "\u{0C}", "\r", " "].contains($0) }
        guard !token.isEmpty else { return nil }
        text = text[token.endIndex...]
        return String(token)
    }
}
