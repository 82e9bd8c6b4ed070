// SPDX-License-Identifier: Apache-2.0

/// The occurrences of keywords, such as "code" or "verify", in a text.
struct CodeKeywords: Sendable {
    /// An occurrence of a keyword.
    struct Hit: Sendable, Hashable {
        var range: Range<Int>
        /// Whether the keyword is a word for a code, such as "OTP".
        ///
        /// Other keywords, such as "verify", also appear in texts without a code.
        var isStrong: Bool
    }

    private struct Entry: Sendable {
        var characters: [Character]
        var mayBeginInWord: Bool
        var mayEndInWord: Bool
        var isStrong: Bool

        init(_ text: String, isStrong: Bool) {
            self.mayBeginInWord = text.hasPrefix("*")
            self.mayEndInWord = text.hasSuffix("*")
            self.characters = text.filter { $0 != "*" }
            self.isStrong = isStrong
        }
    }

    private static let entries = Dictionary(
        grouping: CodeVocabulary.strongKeywords.map { Entry($0, isStrong: true) }
            + CodeVocabulary.weakKeywords.map { Entry($0, isStrong: false) }
    ) { $0.characters.first }

    /// The maximum number of keywords that are considered on each side of a candidate.
    ///
    /// The limit applies to strong keywords and to weak keywords separately; see ``Hit/isStrong``.
    static let mostNeighbors = 4

    /// The occurrences of keywords, ordered by their start.
    let hits: [Hit]

    private let strong: [Hit]
    private let weak: [Hit]

    init(_ text: CodeText) {
        var hits: [Hit] = []
        for start in 0..<text.count {
            for entry in Self.entries[text[start]] ?? [] where Self.occurs(entry, in: text, at: start) {
                hits.append(Hit(range: start..<(start + entry.characters.count), isStrong: entry.isStrong))
            }
        }
        self.hits = hits
        self.strong = hits.filter(\.isStrong)
        self.weak = hits.filter { !$0.isStrong }
    }

    /// Returns the keywords nearest to a range.
    ///
    /// On each side of the range, at most ``mostNeighbors`` strong keywords and at most ``mostNeighbors`` weak keywords are
    /// returned; see ``Hit/isStrong``. The limit keeps the search linear, even in a text full of keywords.
    func nearest(to range: Range<Int>) -> [Hit] {
        [self.strong, self.weak]
            .flatMap { hits in
                let place = hits.partitioningIndex { $0.range.lowerBound >= range.lowerBound }
                return hits[..<place].suffix(Self.mostNeighbors) + hits[place...].prefix(Self.mostNeighbors)
            }
    }

    private static func occurs(_ entry: Entry, in text: CodeText, at start: Int) -> Bool {
        guard text.hasPrefix(entry.characters, at: start) else { return false }
        let end = start + entry.characters.count
        let beginsInWord = text.at(start - 1).map(CodeText.isWordPart) ?? false
        let endsInWord = text.at(end).map(CodeText.isWordPart) ?? false
        guard entry.mayBeginInWord || !beginsInWord, entry.mayEndInWord || !endsInWord else { return false }
        return !self.namesOther(text, start..<end)
    }

    /// Returns whether a keyword refers to something other than a verification code, such as a bar code, a postal code or a
    /// promotion code.
    private static func namesOther(_ text: CodeText, _ range: Range<Int>) -> Bool {
        if let whole = text.word(endingAt: range.upperBound)?.text, CodeVocabulary.otherCodes.contains(whole) {
            return true
        }
        let before = text.at(range.lowerBound - 1).map { $0 == " " || $0 == "-" } ?? false
        if before, let word = text.word(endingAt: range.lowerBound - 1)?.text,
            CodeVocabulary.otherCodeAttributes.contains(word)
        {
            return true
        }
        guard text.at(range.upperBound) == " ", let word = text.word(startingAt: range.upperBound + 1) else {
            return false
        }
        guard CodeVocabulary.otherCodeAttributes.contains(word) else { return false }
        let end = range.upperBound + 1 + word.count
        guard text.at(end) == "-", let next = text.word(startingAt: end + 1) else { return true }
        // Two words with a hyphen, such as "swift-otp", can be the name of the sender.
        return !next.allSatisfy(\.isLetter)
    }
}

extension Array {
    /// Returns the index of the first element that satisfies a condition.
    ///
    /// The method uses binary search.
    ///
    /// All elements after the first match must satisfy the condition, too.
    fileprivate func partitioningIndex(where condition: (Element) -> Bool) -> Int {
        var range = self.startIndex..<self.endIndex
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            range = condition(self[middle]) ? range.lowerBound..<middle : (middle + 1)..<range.upperBound
        }
        return range.lowerBound
    }
}
