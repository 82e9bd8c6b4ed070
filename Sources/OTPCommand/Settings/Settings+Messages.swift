// SPDX-License-Identifier: Apache-2.0

import OTP

extension Settings {
    /// Reads the texts, and checks the texts of the languages that can be sent.
    ///
    /// - Parameters:
    ///   - policy: The policy of the service.
    ///   - locale: The requested language; `nil` for the default.
    /// - Returns: The texts.
    /// - Throws: ``CommandFailure`` that names the invalid variable.
    func messages(for policy: OTPPolicy, and locale: MessageLocale? = nil) throws(CommandFailure) -> MessageTemplates {
        let messages = try self.messages()
        do {
            try messages.check(for: policy, and: locale)
        } catch {
            throw self.unusableText(error)
        }
        return messages
    }

    /// Returns a description of the languages that can be sent and the segments of their texts.
    func texts(for policy: OTPPolicy) throws(CommandFailure) -> String {
        let messages = try self.messages()
        do {
            let segments = try messages.check(for: policy)
            let languages = messages.languages(for: policy).map(\.rawValue).joined(separator: ", ")
            return "\(languages): at most \(segments) segment\(segments == 1 ? "" : "s") a message"
        } catch {
            throw self.unusableText(error)
        }
    }

    /// Reads the texts without checking their length, which depends on the policy.
    func messages() throws(CommandFailure) -> MessageTemplates {
        let file = try self.value("OTP_TEXTS").map { path throws(CommandFailure) in try TextsFile(path: path) }
        do {
            return try MessageTemplates(
                brand: self.value("OTP_BRAND") ?? "swift-otp",
                localizedBrands: file?.brands ?? [:],
                origin: self.value("OTP_ORIGIN"),
                languages: try self.languages(among: (file?.wordings ?? []).map(\.locale) + MessageLocale.all),
                wordings: file?.wordings ?? [],
                maximumSegments: try self.maximumSegments()
            )
        } catch let error as MessageTemplateError {
            throw self.unusableText(error)
        } catch let error as CommandFailure {
            throw error
        } catch {
            throw CommandFailure(error)
        }
    }

    private func languages(among locales: [MessageLocale]) throws(CommandFailure) -> [MessageLocale]? {
        guard let text = self.value("OTP_LANGUAGES") else { return nil }
        var languages: [MessageLocale] = []
        for (position, tag) in text.split(separator: ",", omittingEmptySubsequences: false).enumerated() {
            guard let locale = MessageLocale(matching: tag.filter { $0 != " " }, among: locales) else {
                let known = locales.map(\.rawValue).sorted().joined(separator: ", ")
                throw .unusable("OTP_LANGUAGES", "entry \(position + 1) is not one of \(known)")
            }
            if !languages.contains(locale) { languages.append(locale) }
        }
        return languages
    }

    private func maximumSegments() throws(CommandFailure) -> Int {
        guard let text = self.value("OTP_MAXIMUM_SEGMENTS") else { return 1 }
        guard let segments = Int(text), (1...8).contains(segments) else {
            throw .unusable("OTP_MAXIMUM_SEGMENTS", "it must be 1 to 8")
        }
        return segments
    }

    /// Converts an error to a failure that names the variable to change.
    private func unusableText(_ error: MessageTemplateError) -> CommandFailure {
        let language = error.locale.map { "\($0): " } ?? ""
        switch error.subject {
        case .origin: return .unusable("OTP_ORIGIN", language + error.message)
        case .languages: return .unusable("OTP_LANGUAGES", language + error.message)
        case .maximumSegments: return .unusable("OTP_MAXIMUM_SEGMENTS", error.message)
        case .wording:
            return .unusable("OTP_TEXTS", "\(self.value("OTP_TEXTS") ?? ""): \(language)\(error.message)")
        default: return .unusable("OTP_BRAND", language + error.message)
        }
    }
}
