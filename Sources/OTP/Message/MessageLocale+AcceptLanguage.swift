// SPDX-License-Identifier: Apache-2.0

import TextFormats

extension MessageLocale {
    /// Creates the language that best matches an `Accept-Language` header, or returns `nil` if the header selects no language.
    ///
    /// Language ranges are tried in order of descending quality, and then in the order of the header (RFC 9110 section 12.5.4).
    ///
    /// - A range with quality 0 excludes the languages that it names, but not the default language of the caller.
    /// - `*` is tried after all other ranges of the same quality. It accepts every language and selects none, so the result is
    ///   `nil`, and the caller uses its default language. Some HTTP clients, such as `fetch` in Node.js, send `*` by default.
    /// - Malformed ranges, and ranges after the first 32, are ignored.
    ///
    /// A header of more than 4,096 bytes matches no language.
    ///
    /// - Parameters:
    ///   - header: The value of the header, which may be from an untrusted client.
    ///   - locales: The available languages; by default all languages with a built-in text.
    public init?(acceptLanguage header: String, among locales: [MessageLocale] = Self.all) {
        guard header.utf8.count <= 4096 else { return nil }
        let ranges = header.split(separator: ",", maxSplits: 32).prefix(32).compactMap { AcceptedLanguage($0) }
        let excluded = ranges.filter { $0.quality == 0 && !$0.isWildcard }
        let allowed = locales.filter { locale in !excluded.contains { $0.names(locale) } }
        for range in ranges.filter({ $0.quality > 0 }).inOrderOfPreference {
            guard !range.isWildcard else { return nil }
            guard let match = MessageLocale(matching: range.tag, among: allowed) else { continue }
            self = match
            return
        }
        return nil
    }
}

/// A language range in an `Accept-Language` header, with its quality.
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

    /// Returns whether the range includes a language.
    ///
    /// For example, the range `pt` includes the language `pt-BR`, but the range `pt-BR` does not include the language `pt`.
    func names(_ locale: MessageLocale) -> Bool {
        guard let range = LanguageTag(self.tag), let tag = LanguageTag(locale.rawValue),
            range.language == tag.language
        else { return false }
        // A plain `zh` includes both scripts, although the parser adds one script to the tag.
        guard self.tag.contains("-") else { return true }
        return (range.script == nil || range.script == tag.script)
            && (range.region == nil || range.region == tag.region)
    }

    /// Parses a quality such as `q=0.5` with at most three decimals, and returns it in thousandths.
    private static func quality(_ parameter: Substring) -> Int? {
        let parts = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == "q" || parts[0] == "Q" else { return nil }
        let number = parts[1].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let decimals = number.count == 2 ? number[1] : ""
        guard let whole = number.first, whole == "0" || whole == "1", decimals.utf8.count <= 3,
            decimals.utf8.allSatisfy(\.isASCIIDigit)
        else { return nil }
        let thousandths = decimals + String(repeating: "0", count: 3 - decimals.utf8.count)
        guard let fraction = Int(thousandths), whole == "0" || fraction == 0 else { return nil }
        return whole == "1" ? 1000 : fraction
    }
}

extension [AcceptedLanguage] {
    /// The ranges in descending order of quality.
    ///
    /// Ranges of equal quality keep the order of the header, except that `*` comes last.
    fileprivate var inOrderOfPreference: Self {
        // The key contains the position, because the standard library does not guarantee a stable sort.
        func key(_ range: (offset: Int, element: AcceptedLanguage)) -> (Int, Int, Int) {
            (-range.element.quality, range.element.isWildcard ? 1 : 0, range.offset)
        }
        return self.enumerated().sorted { key($0) < key($1) }.map(\.element)
    }
}

extension Substring {
    /// The text without leading and trailing spaces and tabs, which are the optional white space in RFC 9110.
    fileprivate var trimmingOptionalWhitespace: Substring {
        let start = self.drop { $0 == " " || $0 == "\t" }
        guard let last = start.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
        return start[...last]
    }
}
