// SPDX-License-Identifier: Apache-2.0

public import OTP

extension OTPSettings {
    /// Reads the texts of messages from `OTP_BRAND`, `OTP_ORIGIN`, `OTP_LANGUAGES`, `OTP_TEXTS` and `OTP_MAXIMUM_SEGMENTS`.
    ///
    /// The method checks the texts of every language in which the policy can send messages.
    ///
    /// - Parameters:
    ///   - policy: The policy of the service.
    ///   - locale: A further language whose texts are checked; `nil` for no further language.
    /// - Returns: The texts.
    /// - Throws: ``OTPSettingsError`` with the name of the variable to change.
    public func messages(
        for policy: OTPPolicy,
        requesting locale: MessageLocale? = nil
    ) throws(OTPSettingsError) -> MessageTemplates {
        let messages = try self.messagesOfAnyLength()
        do {
            try messages.check(for: policy, and: locale)
        } catch {
            throw self.invalid(error)
        }
        return messages
    }

    /// Reads the texts of messages without checking their length, which depends on the policy.
    package func messagesOfAnyLength() throws(OTPSettingsError) -> MessageTemplates {
        let file = try self.textsFile()
        let languages = try self.languages(among: (file?.wordings ?? []).map(\.locale) + MessageLocale.all)
        let segments = try self.maximumSegments()
        do {
            return try MessageTemplates(
                brand: self.value(.brand) ?? "swift-otp",
                localizedBrands: file?.brands ?? [:],
                origin: self.value(.origin),
                languages: languages,
                wordings: file?.wordings ?? [],
                maximumSegments: segments
            )
        } catch {
            throw self.invalid(error)
        }
    }

    private func textsFile() throws(OTPSettingsError) -> TextsFile? {
        guard let (bytes, prefix) = try self.document(in: .texts) else { return nil }
        do {
            return try TextsFile(json: bytes)
        } catch {
            throw self.invalid(.texts, prefix + error.reason)
        }
    }

    private func languages(among locales: [MessageLocale]) throws(OTPSettingsError) -> [MessageLocale]? {
        guard let text = self.value(.languages) else { return nil }
        let known = locales.map(\.rawValue).sorted().joined(separator: ", ")
        var languages: [MessageLocale] = []
        for locale in try self.entries(
            of: text,
            in: .languages,
            "is not one of \(known)",
            { MessageLocale(matching: $0, among: locales) }
        ) where !languages.contains(locale) {
            languages.append(locale)
        }
        return languages
    }

    private func maximumSegments() throws(OTPSettingsError) -> Int {
        guard let text = self.value(.maximumSegments) else { return 1 }
        guard let segments = Int(text), (1...8).contains(segments) else {
            throw self.invalid(.maximumSegments, "it is not a number, or out of range")
        }
        return segments
    }

    /// Converts an error of the message templates to an error with the name of the invalid variable.
    private func invalid(_ error: MessageTemplateError) -> OTPSettingsError {
        let language = error.locale.map { "\($0): " } ?? ""
        switch error.subject {
        case .origin: return self.invalid(.origin, language + error.message)
        case .languages: return self.invalid(.languages, language + error.message)
        case .maximumSegments: return self.invalid(.maximumSegments, error.message)
        case .wording:
            let prefix = (try? self.document(in: .texts))?.prefix ?? ""
            return self.invalid(.texts, prefix + language + error.message)
        default: return self.invalid(.brand, language + error.message)
        }
    }
}
