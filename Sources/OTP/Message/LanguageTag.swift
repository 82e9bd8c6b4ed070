// SPDX-License-Identifier: Apache-2.0

import TextFormats

/// The language, the script and the region of a BCP 47 language tag.
struct LanguageTag: Sendable, Hashable, CustomStringConvertible {
    private static let traditionalRegions: Set<String> = ["TW", "HK", "MO"]

    /// The language, such as `zh`.
    ///
    /// The codes `cmn` and `yue` are converted to `zh`, and the obsolete code `in` is converted to `id`.
    let language: String

    /// The script, such as `Hant`; never `nil` for Chinese.
    private(set) var script: String?

    /// The region, such as `BR` or `419`.
    private(set) var region: String?

    /// Whether the tag contains more than a language, a script and a region, such as a variant.
    private(set) var hasMore = false

    /// Parses a tag in upper or lower case, or returns `nil` if the tag is malformed.
    init?(_ text: String) {
        guard text.utf8.count <= 64 else { return nil }
        let subtags = text.lowercased().split(separator: "-", omittingEmptySubsequences: false)
        guard
            subtags.allSatisfy({
                (1...8).contains($0.utf8.count) && $0.utf8.allSatisfy { $0.isASCIILowercaseLetter || $0.isASCIIDigit }
            }),
            let first = subtags.first, first.utf8.count > 1, first.utf8.allSatisfy(\.isASCIILowercaseLetter)
        else { return nil }
        // A subtag of one character starts an extension, which contains neither a script nor a region.
        let plain = subtags.prefix { $0.utf8.count > 1 }
        var languages = [first]
        for subtag in plain.dropFirst() {
            let isWord = subtag.utf8.allSatisfy(\.isASCIILowercaseLetter)
            switch (subtag.utf8.count, isWord) {
            case (4, true) where self.script == nil: self.script = subtag.prefix(1).uppercased() + subtag.dropFirst()
            case (2, true) where self.region == nil: self.region = subtag.uppercased()
            case (3, false) where self.region == nil && Int(subtag) != nil: self.region = String(subtag)
            case (3, true) where self.script == nil && self.region == nil: languages.append(subtag)
            default: self.hasMore = true
            }
        }
        self.hasMore = self.hasMore || plain.count < subtags.count || languages.count > 1
        self.language = Self.folded(languages[0])
        if self.language == "zh" { self.completeChinese(languages) }
    }

    /// Returns whether a text in this language is suitable for a reader who requests the language `wanted`.
    func serves(_ wanted: LanguageTag) -> Bool {
        guard self.language == wanted.language else { return false }
        guard let script = self.script, let wantedScript = wanted.script else { return true }
        return script == wantedScript
    }

    /// The tag with the usual upper-case and lower-case letters, such as `zh-Hant-TW`.
    var description: String {
        [self.language, self.script, self.region].compactMap(\.self).joined(separator: "-")
    }

    private mutating func completeChinese(_ languages: [Substring]) {
        guard self.script != "Hans", self.script != "Hant" else { return }
        let isTraditional = languages.contains("yue") || self.region.map(Self.traditionalRegions.contains) == true
        self.script = isTraditional ? "Hant" : "Hans"
    }

    private static func folded(_ language: Substring) -> String {
        switch language {
        case "cmn", "yue": "zh"
        // Until 1989, `in` was the code of Indonesian, and older systems still send this code.
        case "in": "id"
        default: String(language)
        }
    }
}
