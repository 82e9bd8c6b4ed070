// SPDX-License-Identifier: Apache-2.0

import SMSKit
import TextFormats

/// Checks the texts of a message, and the origin, which is the host in the last line of the message.
enum MessageCheck {
    /// Checks that the origin is a host name without 4 consecutive digits, which could be mistaken for a code.
    ///
    /// The host name must be in lower-case ASCII, because browsers compare host names in this form.
    static func origin(_ host: String) throws(MessageTemplateError) {
        let labels = host.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let isHost = labels.allSatisfy { label in
            (1...63).contains(label.count) && label.first != UInt8(ascii: "-") && label.last != UInt8(ascii: "-")
                && label.allSatisfy { $0.isASCIILowercaseLetter || $0.isASCIIDigit || $0 == UInt8(ascii: "-") }
        }
        guard isHost, labels.count >= 2, host.utf8.count <= 253,
            labels.last?.contains(where: \.isASCIILowercaseLetter) == true
        else {
            throw MessageTemplateError(
                .invalidOrigin,
                "the origin must be a host name in lower case such as example.com, without scheme, port and path",
                subject: .origin
            )
        }
        // The origin is in the last line, next to the code, and must not look like a code.
        let digits = host.utf8.split(whereSeparator: { !$0.isASCIIDigit })
        guard digits.allSatisfy({ $0.count < 4 }) else {
            throw MessageTemplateError(
                .ambiguousText,
                "the origin has 4 or more consecutive digits, which can be mistaken for the code",
                subject: .origin
            )
        }
    }

    /// Checks all texts of a message, without the last line that contains the origin.
    static func content(of draft: MessageDraft, locale: MessageLocale) throws(MessageTemplateError) {
        for body in draft.bodies { try self.body(body, code: draft.code, locale: locale) }
        var plain = draft
        plain.brand = ""
        plain.code = ""
        // The digits are counted individually, because a phone number can be written in groups of two or three digits.
        let allowed = 3 + "\(draft.minutes)".count
        for body in plain.bodies where body.utf8.count(where: \.isASCIIDigit) > allowed {
            let message = "a text has more than 3 digits besides the code, the brand and the minutes"
            throw MessageTemplateError(.ambiguousText, message, locale: locale, subject: .wording)
        }
    }

    /// Checks that a text contains the code exactly once, and contains neither links nor other digits that look like a code.
    ///
    /// The text must not include the last line with the origin. A built-in wording cannot fail the check, because the tests
    /// check these wordings.
    static func body(_ text: String, code: String, locale: MessageLocale) throws(MessageTemplateError) {
        // No other number in the text may look like a code.
        let groups = text.utf8.split(whereSeparator: { !$0.isASCIIDigit }).filter { $0.count >= 4 }
        let foreign = text.unicodeScalars.contains { $0.properties.generalCategory == .decimalNumber && !$0.isASCII }
        guard groups.count == 1, groups.allSatisfy({ $0.elementsEqual(code.utf8) }), !foreign else {
            let message = "a text has digits besides the code, or digits next to the code"
            throw MessageTemplateError(.ambiguousText, message, locale: locale, subject: .wording)
        }
        guard !LinkCheck.looksLikeLink(text[...]) else {
            let message = "a text has something like a link"
            throw MessageTemplateError(.ambiguousText, message, locale: locale, subject: .wording)
        }
    }
}

/// The check for parts of a text that a phone would display as a link.
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
