// SPDX-License-Identifier: Apache-2.0

import SMSKit

/// The values of one message, before one of the texts of the wording is chosen.
struct MessageDraft: Sendable {
    var wording: MessageWording
    var brand: String
    var code: String
    var action: String
    var minutes: Int
    var origin: String?

    /// The texts of the message, ordered from the most complete to the shortest.
    var texts: [String] { self.wording.texts.map(self.text) }

    /// The texts of the message without the last line that contains the origin.
    var bodies: [String] { self.wording.texts.map(self.body) }

    /// Returns the most complete text that fits into a number of segments, or `nil` if no text fits.
    ///
    /// A brand outside GSM-7 forces the text into UCS-2, which more than halves the capacity. For such a brand, only the most
    /// complete text is tried. If it does not fit, the check of the configuration reports the brand.
    func fitting(_ segments: Int) -> String? { self.pattern(fitting: segments).map(self.text) }

    /// Returns the pattern of ``fitting(_:)``.
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

    /// The characters of the brand that force a GSM-7 text into UCS-2.
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

/// The GSM 03.38 alphabet.
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
