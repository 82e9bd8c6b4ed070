// SPDX-License-Identifier: Apache-2.0

extension MessageLocale {
    /// Creates the language that best matches an `Accept-Language` header, or returns `nil` if no language matches.
    ///
    /// Language ranges are tried in order of descending quality, and then in the order of the header (RFC 9110 section 12.5.4).
    /// A range with quality 0 excludes the languages that it names. `*` matches the first language that is not excluded.
    /// Malformed ranges, and ranges after the first 32, are ignored. A header over 4,096 bytes matches no language.
    ///
    /// - Parameters:
    ///   - header: The value of the header. It may come from an untrusted client.
    ///   - locales: The available languages; by default all languages with a built-in text.
    public init?(acceptLanguage header: String, among locales: [MessageLocale] = Self.all) {
        guard header.utf8.count <= 4096 else { return nil }
        let ranges = header.split(separator: ",", maxSplits: 32).prefix(32).compactMap { AcceptedLanguage($0) }
        let excluded = ranges.filter { $0.quality == 0 && !$0.isWildcard }
        let allowed = locales.filter { locale in !excluded.contains { $0.names(locale) } }
        // The sort must be stable, which the documentation of the standard library does not guarantee.
        let wanted = ranges.enumerated().filter { $0.element.quality > 0 }
            .sorted { ($1.element.quality, $0.offset) < ($0.element.quality, $1.offset) }
        for (_, range) in wanted {
            let match = range.isWildcard ? allowed.first : MessageLocale(matching: range.tag, among: allowed)
            guard let match else { continue }
            self = match
            return
        }
        return nil
    }
}

/// A language range of an `Accept-Language` header, with its quality.
private struct AcceptedLanguage {
    let tag: String

    /// The quality in thousandths, from 0 to 1000.
    let quality: Int

    var isWildcard: Bool { self.tag == "*" }

    init?(_ element: Substring) {
        let parts = element.split(separator: ";", omittingEmptySubsequences: false)
            .map { $0.trimmingOptionalWhitespace }
        guard let tag = parts.first, tag == "*" || LanguageTag(String(tag)) != nil, parts.count <= 2 else { return nil }
        self.tag = String(tag)
        guard parts.count == 2 else {
            self.quality = 1000
            return
        }
        guard let quality = Self.quality(parts[1]) else { return nil }
        self.quality = quality
    }

    /// Returns whether the range includes a language as a whole.
    ///
    /// For example, `pt` includes `pt-BR`, but `pt-BR` does not include `pt`.
    func names(_ locale: MessageLocale) -> Bool {
        guard let range = LanguageTag(self.tag), let tag = LanguageTag(locale.rawValue),
            range.language == tag.language
        else { return false }
        // A plain `zh` includes both scripts, although its tag is completed with one.
        guard self.tag.contains("-") else { return true }
        return (range.script == nil || range.script == tag.script)
            && (range.region == nil || range.region == tag.region)
    }

    /// Parses a quality such as `q=0.5`, which has at most three decimals, and returns it in thousandths.
    private static func quality(_ parameter: Substring) -> Int? {
        let parts = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == "q" || parts[0] == "Q" else { return nil }
        let number = parts[1].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let decimals = number.count == 2 ? number[1] : ""
        guard let whole = number.first, whole == "0" || whole == "1", decimals.utf8.count <= 3,
            decimals.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        let thousandths = decimals + String(repeating: "0", count: 3 - decimals.utf8.count)
        guard let fraction = Int(thousandths), whole == "0" || fraction == 0 else { return nil }
        return whole == "1" ? 1000 : fraction
    }
}

extension Substring {
    /// The text without spaces and tabs at both ends, as RFC 9110 defines optional white space.
    fileprivate var trimmingOptionalWhitespace: Substring {
        let start = self.drop { $0 == " " || $0 == "\t" }
        guard let last = start.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
        return start[...last]
    }
}
