import SMSKit

/// The rules for an origin and for a finished text.
enum MessageCheck {
    /// Checks that the origin is a host name as browsers compare it.
    static func origin(_ host: String) throws(MessageTemplateError) {
        let labels = host.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let isHost = labels.allSatisfy { label in
            (1...63).contains(label.count) && label.first != UInt8(ascii: "-") && label.last != UInt8(ascii: "-")
                && label.allSatisfy { self.isLetter($0) || self.isDigit($0) || $0 == UInt8(ascii: "-") }
        }
        guard isHost, labels.count >= 2, host.utf8.count <= 253, labels.last?.contains(where: self.isLetter) == true
        else {
            throw MessageTemplateError(
                .invalidOrigin,
                "the origin must be a host name in lower case such as example.com, without scheme, port and path",
                subject: .origin
            )
        }
        // The digits of the last line must be those of the code alone.
        let digits = host.utf8.split(whereSeparator: { !self.isDigit($0) })
        guard digits.allSatisfy({ $0.count < 4 }) else {
            throw MessageTemplateError(
                .ambiguousText,
                "the origin has 4 or more digits in a row, which can be taken for the code",
                subject: .origin
            )
        }
    }

    /// Checks all texts of a message without their last lines.
    static func content(of draft: MessageDraft, locale: MessageLocale) throws(MessageTemplateError) {
        for body in draft.bodies { try self.body(body, code: draft.code, locale: locale) }
        var plain = draft
        plain.brand = ""
        plain.code = ""
        // Groups of two or three digits make a telephone number, too.
        let allowed = 3 + "\(draft.minutes)".count
        for body in plain.bodies where body.utf8.count(where: self.isDigit) > allowed {
            let message = "a text holds more than 3 digits besides the code, the brand and the minutes"
            throw MessageTemplateError(.ambiguousText, message, locale: locale, subject: .wording)
        }
    }

    /// Checks that a text without its last line shows the code once, and nothing like a code or a link.
    ///
    /// The brand and the built-in wordings cannot cause that, so a wording of the application's own is to blame.
    static func body(_ text: String, code: String, locale: MessageLocale) throws(MessageTemplateError) {
        // Whoever copies a number from the message must copy the code.
        let groups = text.utf8.split(whereSeparator: { !self.isDigit($0) }).filter { $0.count >= 4 }
        let foreign = text.unicodeScalars.contains { $0.properties.generalCategory == .decimalNumber && !$0.isASCII }
        guard groups.count == 1, groups.allSatisfy({ $0.elementsEqual(code.utf8) }), !foreign else {
            let message = "a text holds digits other than the code's, or touches the code with digits"
            throw MessageTemplateError(.ambiguousText, message, locale: locale, subject: .wording)
        }
        guard !LinkCheck.looksLikeLink(text[...]) else {
            let message = "a text holds something like a link"
            throw MessageTemplateError(.ambiguousText, message, locale: locale, subject: .wording)
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}

/// Whether a telephone would show a text as a link.
enum LinkCheck {
    static func looksLikeLink(_ text: Substring) -> Bool {
        let lowered = text.lowercased()
        if lowered.contains("http") || lowered.contains("www") || lowered.contains(where: { "/@#\\".contains($0) }) {
            return true
        }
        let scalars = Array(lowered.unicodeScalars)
        return scalars.indices.dropLast().dropFirst()
            .contains {
                scalars[$0] == "." && scalars[$0 - 1].properties.isAlphabetic && scalars[$0 + 1].properties.isAlphabetic
            }
    }
}
