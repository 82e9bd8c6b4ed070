// SPDX-License-Identifier: Apache-2.0

import SMSKit

extension MessageTemplates {
    /// Returns the languages in which a service with the given policy sends messages.
    ///
    /// - Parameter policy: The policy. If ``languages`` is `nil`, the destinations of the policy determine the languages.
    /// - Returns: The languages in the order of the list ``languages``. Without this list, the default languages of the
    ///   destinations in alphabetical order of their tags.
    public func languages(for policy: OTPPolicy) -> [MessageLocale] {
        if let languages = self.languages { return languages }
        return Set(policy.destinations.map { self.defaultLocale(for: $0) }).sorted { $0.rawValue < $1.rawValue }
    }

    /// Checks the texts of all languages, with the lifetime and the code length of a policy.
    ///
    /// Each message has several texts of different lengths. In each language of ``languages(for:)``, at least one text of each
    /// message must fit into the maximum number of segments. No text may contain links, or digits that look like a code. The
    /// check for links and digits also includes the custom wordings of all other languages, because callers can request these
    /// languages.
    ///
    /// - Parameters:
    ///   - policy: The policy of the service.
    ///   - locale: An additional language that callers will request; `nil` for none.
    /// - Returns: The largest number of segments that a message needs.
    /// - Throws: ``MessageTemplateError`` with the language, the reason and the part that must be changed.
    @discardableResult
    public func check(for policy: OTPPolicy, and locale: MessageLocale? = nil) throws(MessageTemplateError) -> Int {
        var locales = self.languages(for: policy)
        if let locale, !locales.contains(locale) {
            guard self.wordings[locale] != nil, self.languages == nil else {
                throw MessageTemplateError(
                    .invalidLanguages,
                    "the language is not listed",
                    locale: locale,
                    subject: .languages
                )
            }
            locales.append(locale)
        }
        // All digits of the code are different, so that no part of the code occurs twice.
        let code = String("9182736450".prefix(min(max(policy.format.length, 4), 10)))
        var segments = 0
        let minutes = Self.minutes(in: policy.limits.lifetime)
        for locale in locales {
            for draft in self.drafts(in: locale, code: code, minutes: minutes) {
                guard let text = draft.fitting(self.maximumSegments) else {
                    throw MessageFit(draft: draft, locale: locale, maximumSegments: self.maximumSegments).error
                }
                segments = max(segments, SMSSegmentCount(of: text).segments)
            }
        }
        // Callers can request every custom wording, so all custom wordings are checked.
        for locale in locales + self.ownLocales.filter({ !locales.contains($0) }) {
            for draft in self.drafts(in: locale, code: code, minutes: minutes) {
                try MessageCheck.content(of: draft, locale: locale)
            }
        }
        return segments
    }

    /// Returns the messages in one language: for each purpose, one message for each number of minutes from 1 to `minutes`.
    private func drafts(in locale: MessageLocale, code: String, minutes: Int) -> [MessageDraft] {
        let purposes: [OTPPurpose?] = [nil] + (self.wordings[locale]?.actions.keys.map(Optional.some) ?? [])
        return purposes.flatMap { purpose in
            // A resend contains the remaining minutes, and the words for fewer minutes can be longer.
            (1...minutes).map { self.message(code, purpose, locale, $0) }
        }
    }
}

/// Explains why no text of a message fits into the maximum number of segments.
struct MessageFit: Sendable {
    let draft: MessageDraft
    let locale: MessageLocale
    let maximumSegments: Int

    var error: MessageTemplateError {
        let outside = self.draft.charactersThatCostGSM7
        if !outside.isEmpty { return self.error(.brand, self.brandOutside(outside)) }
        var plain = self.draft
        plain.origin = nil
        if let origin = self.draft.origin, plain.fitting(self.maximumSegments) != nil {
            return self.error(.origin, self.tooLong("origin", origin.count) { $0.origin = String(origin.prefix($1)) })
        }
        plain.brand = "A"
        if plain.fitting(self.maximumSegments) != nil {
            let brand = self.draft.brand
            let reason = self.tooLong("brand", brand.unicodeScalars.count) { draft, length in
                draft.brand = String(String.UnicodeScalarView(brand.unicodeScalars.prefix(length)))
            }
            return self.error(.brand, reason)
        }
        return self.error(.wording, self.wordingTooLong)
    }

    private func error(_ subject: MessageTemplateError.Subject, _ reason: String) -> MessageTemplateError {
        let more = self.maximumSegments < 8 ? ", or allow more segments, each billed as a message" : ""
        return MessageTemplateError(.tooLong, "\(self.size): \(reason)\(more)", locale: self.locale, subject: subject)
    }

    /// Describes the size of the shortest candidate text, and the allowed size.
    ///
    /// The candidates are the texts from which ``MessageDraft/fitting(_:)`` chooses.
    private var size: String {
        let text = self.draft.charactersThatCostGSM7.isEmpty ? self.draft.texts.last : self.draft.texts.first
        let count = SMSSegmentCount(of: text ?? "")
        let room =
            self.maximumSegments == 1
            ? count.encoding.unitsOfSingleSegment : self.maximumSegments * count.encoding.unitsOfJoinedSegment
        return
            "the text has \(count.units) units of \(Self.name(count.encoding)) in \(count.segments) segments, but only "
            + "\(room) units in \(self.maximumSegments) segment\(self.maximumSegments == 1 ? "" : "s") are allowed"
    }

    private func brandOutside(_ characters: [Unicode.Scalar]) -> String {
        "characters of the brand outside GSM-7 make every character larger: \(Self.list(characters)); "
            + "write the brand in Latin letters of GSM-7 for this language"
    }

    private var wordingTooLong: String {
        let outside = GSM7.charactersOutside(self.draft.bodies.last ?? "")
        let isMostlyGSM7 = outside.count <= 5
        return isMostlyGSM7 && !outside.isEmpty
            ? "shorten the text, or write it without \(Self.list(outside)), outside GSM-7" : "shorten the text"
    }

    /// Returns a hint with the maximum length of the brand or the origin.
    private func tooLong(
        _ part: String,
        _ length: Int,
        _ cut: (inout MessageDraft, Int) -> Void
    ) -> String {
        let fitting = (1..<max(length, 1))
            .last { length in
                var draft = self.draft
                cut(&draft, length)
                return draft.fitting(self.maximumSegments) != nil
            }
        guard let fitting else { return "shorten or remove the \(part)" }
        return "the \(part) has \(length) characters, and \(fitting) fit: shorten it"
    }

    private static func name(_ encoding: SMSSegmentCount.Encoding) -> String {
        encoding == .gsm7 ? "GSM-7" : "UCS-2"
    }

    private static func list(_ characters: [Unicode.Scalar]) -> String {
        let shown = characters.prefix(5).map { "\($0) (U+\($0.hexadecimal))" }.joined(separator: ", ")
        return characters.count > 5 ? "\(shown) and \(characters.count - 5) more characters" : shown
    }
}
