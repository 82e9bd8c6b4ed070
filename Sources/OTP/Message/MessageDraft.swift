// SPDX-License-Identifier: Apache-2.0

import SMSKit

/// The values of one message, from which its text is created.
///
/// A ``MessageWording`` contains several texts of different lengths. ``fitting(_:)`` chooses one of these texts.
struct MessageDraft: Sendable {
    var wording: MessageWording
    var brand: String
    var code: String
    var action: String
    var minutes: Int
    var origin: String?

    /// The texts of the message, ordered from the most complete to the shortest.
    var texts: [String] { self.wording.texts.map(self.text) }

    /// The texts of the message, each without its last line, which contains the origin.
    var bodies: [String] { self.wording.texts.map(self.body) }

    /// Returns the most complete text that fits into a number of segments, or `nil` if no text fits.
    ///
    /// A segment has room for 160 characters in the SMS encoding GSM-7, but only for 70 characters in UCS-2. A brand with a
    /// character outside GSM-7 forces the whole text into UCS-2. For such a brand, the method tries only the most complete
    /// text. If this text does not fit, ``MessageTemplates/check(for:and:)`` throws an error about the brand.
    func fitting(_ segments: Int) -> String? { self.pattern(fitting: segments).map(self.text) }

    /// Returns the pattern of the text that ``fitting(_:)`` returns, or `nil` if no text fits.
    ///
    /// The pattern contains placeholders, for example for the code.
    func pattern(fitting segments: Int) -> MessagePattern? {
        self.candidates.first { SMSSegmentCount(of: self.text($0)).segments <= segments }
    }

    /// Returns the parts of a text before, between and after the occurrences of the code.
    func partsAroundCode(of pattern: MessagePattern) -> [String] {
        var draft = self
        // No wording and no brand contains a control character.
        draft.code = "\0"
        return draft.text(pattern).split(separator: "\0", omittingEmptySubsequences: false).map(String.init)
    }

    /// The patterns from which ``pattern(fitting:)`` chooses.
    private var candidates: ArraySlice<MessagePattern> {
        let texts = self.wording.texts
        return self.charactersThatCostGSM7.isEmpty ? texts[...] : texts.prefix(1)
    }

    /// The characters of the brand that force the text from the SMS encoding GSM-7 into UCS-2.
    ///
    /// The value is empty if the text needs UCS-2 even without the brand.
    var charactersThatCostGSM7: [Unicode.Scalar] {
        let outside = GSM7.charactersOutside(self.brand)
        guard !outside.isEmpty, let first = self.wording.texts.first else { return outside }
        var plain = self
        plain.brand = "A"
        return GSM7.contains(plain.text(first)) ? outside : []
    }

    private func text(_ pattern: MessagePattern) -> String {
        let body = self.body(pattern)
        guard let origin = self.origin else { return body }
        return "\(body)\n@\(origin) #\(self.code)"
    }

    private func body(_ pattern: MessagePattern) -> String {
        // The capacity of 240 bytes is sufficient for one segment of 70 characters with 3 bytes each.
        pattern.filled(capacity: 240) { placeholder in
            switch placeholder {
            case .brand: self.brand
            case .code: self.code
            case .action: self.action
            case .validity: self.wording.validity(self.minutes)
            case .minutes: "\(self.minutes)"
            }
        }
    }
}

/// The GSM 03.38 alphabet (GSM-7), which is the compact encoding of text messages.
enum GSM7 {
    static func contains(_ text: String) -> Bool { SMSSegmentCount(of: text).encoding == .gsm7 }

    /// Returns the characters of a text that are outside the GSM 03.38 alphabet, each once, in order of occurrence.
    static func charactersOutside(_ text: String) -> [Unicode.Scalar] {
        guard !self.contains(text) else { return [] }
        var characters: [Unicode.Scalar] = []
        for scalar in text.unicodeScalars where !characters.contains(scalar) && !self.contains(String(scalar)) {
            characters.append(scalar)
        }
        return characters
    }
}
