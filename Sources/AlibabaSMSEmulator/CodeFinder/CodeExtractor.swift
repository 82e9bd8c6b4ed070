// SPDX-License-Identifier: Apache-2.0

/// Finds the verification code in a text.
///
/// Each ``CodeCandidate`` has a score, which depends on the surrounding words and on the distance from a keyword such as
/// "code". The candidate with the lowest score is the code. A text without a keyword has a code only if its last line, such as
/// `@example.com #123456`, binds the code to a website.
struct CodeExtractor: Sendable {
    struct Code: Sendable, Hashable {
        var text: String
        var rule: InboxMessage.CodeRule
    }

    /// The maximum number of characters between a keyword and a code.
    static let reach = 60

    /// The maximum number of characters between a keyword and a code, if a colon or a connector such as "is" precedes the code.
    static let connectedReach = 160

    private enum Penalty {
        static let beforeKeyword = 4
        static let weakKeyword = 6
        static let otherSentence = 8
        static let letters = 20
        static let longPrefix = 20
        static let namedOtherwise = 30
        static let unusualLength = 2
    }

    private let text: CodeText
    private let keywords: CodeKeywords

    /// Returns the code in a text, or `nil` if the text contains no code.
    ///
    /// If the last line has a form such as `@example.com #123456`, the code in this line takes precedence over all other
    /// candidates.
    static func code(in text: String) -> Code? {
        if let bound = OriginBoundCode(text) { return Code(text: bound.code, rule: .originBound) }
        return Self(CodeText(text)).best()
    }

    private init(_ text: CodeText) {
        self.text = text
        self.keywords = CodeKeywords(text)
    }

    private func best() -> Code? {
        guard !self.keywords.hits.isEmpty else { return nil }
        let scored = CodeCandidates(text: self.text).all()
            .compactMap { candidate in self.score(candidate).map { (candidate: candidate, score: $0) } }
        guard let best = scored.min(by: { $0.score < $1.score })?.candidate else { return nil }
        return Code(text: self.text.plainText(best.range), rule: best.isNumeric ? .digits : .alphanumeric)
    }

    /// Returns the score of a candidate, or `nil` if the candidate is not a code.
    ///
    /// A lower score is a better match.
    private func score(_ candidate: CodeCandidate) -> Int? {
        let label = CodeLabel(before: candidate.range.lowerBound, in: self.text)
        guard label != .otherNumber else { return nil }
        var own = 0
        if label == .otherAccount { own += Penalty.namedOtherwise }
        if candidate.isNumeric && candidate.length > 8 { own += Penalty.unusualLength }
        if self.prefixLength(of: candidate) > 2 { own += Penalty.longPrefix }
        let reach = self.isConnected(candidate) ? Self.connectedReach : Self.reach
        let scores = self.keywords.nearest(to: candidate.range)
            .compactMap { keyword -> Int? in
                guard label != .otherAccount || keyword.isStrong else { return nil }
                return self.score(candidate, keyword, reach: reach)
            }
        return scores.min().map { $0 + own }
    }

    /// Returns the score of a candidate relative to one keyword, or `nil` if the keyword does not refer to the candidate, for
    /// example because the keyword is too far away.
    ///
    /// `reach` is the maximum number of characters between the keyword and a candidate after the keyword.
    private func score(_ candidate: CodeCandidate, _ keyword: CodeKeywords.Hit, reach: Int) -> Int? {
        let isBehind = candidate.range.lowerBound >= keyword.range.upperBound
        guard isBehind || candidate.range.upperBound <= keyword.range.lowerBound else { return nil }
        let gap =
            isBehind
            ? keyword.range.upperBound..<candidate.range.lowerBound
            : candidate.range.upperBound..<keyword.range.lowerBound
        guard gap.count <= (isBehind ? reach : Self.reach) else { return nil }
        let isTight = self.text.allWords(in: gap, satisfy: CodeVocabulary.connectors.contains)
        if self.isYearOrDate(candidate), !(isTight && keyword.isStrong) { return nil }
        var score = isTight ? min(gap.count, 4) : gap.count
        if !isBehind { score += Penalty.beforeKeyword }
        if !keyword.isStrong { score += Penalty.weakKeyword }
        if self.hasSentenceEnd(in: gap) { score += Penalty.otherSentence }
        // Product names and room numbers resemble codes with letters. A code with letters should therefore follow its keyword
        // directly.
        if !candidate.isNumeric && !isTight { score += Penalty.letters }
        return score
    }

    /// Returns whether a colon, an equals sign or a connector such as "is" precedes a candidate.
    private func isConnected(_ candidate: CodeCandidate) -> Bool {
        var end = candidate.range.lowerBound
        while let character = self.text.at(end - 1), !CodeText.isWordPart(character) {
            if [":", "=", "：", "＝"].contains(character) { return true }
            end -= 1
        }
        return self.text.word(endingAt: end).map { CodeVocabulary.connectors.contains($0.text) } ?? false
    }

    /// Returns the length of the prefix that a hyphen separates from a candidate, such as 1 for `G-123456`.
    private func prefixLength(of candidate: CodeCandidate) -> Int {
        guard self.text.at(candidate.range.lowerBound - 1) == "-" else { return 0 }
        let end = candidate.range.lowerBound - 1
        return self.text.word(endingAt: end).map { end - $0.start } ?? 0
    }

    private func isYearOrDate(_ candidate: CodeCandidate) -> Bool {
        guard candidate.isNumeric, candidate.range.count == candidate.length,
            let number = Int(self.text.plainText(candidate.range))
        else { return false }
        if candidate.length == 4 { return (1900...2099).contains(number) }
        guard candidate.length == 8 else { return false }
        return (1900...2099).contains(number / 10_000) && (1...12).contains(number / 100 % 100)
            && (1...31).contains(number % 100)
    }

    private func hasSentenceEnd(in gap: Range<Int>) -> Bool {
        gap.contains { index in
            switch self.text[index] {
            case "。", "！", "？", "!", "?", "\n", "\r\n", "।": true
            case ".": self.text.at(index + 1).map(\.isWhitespace) ?? true
            default: false
            }
        }
    }
}
