// SPDX-License-Identifier: Apache-2.0

/// The parts of a text that are not searched for codes, such as web addresses, international numbers and app hashes.
struct CodeExclusions: Sendable {
    /// Whether each position of the text is excluded from the search.
    let positions: [Bool]

    init(_ text: CodeText) {
        var positions = Array(repeating: false, count: text.count)
        for range in Self.addresses(in: text) + Self.internationalNumbers(in: text) {
            for index in range { positions[index] = true }
        }
        self.positions = positions
    }

    /// Returns the words that look like a web address, a mail address or the hash of an Android app.
    private static func addresses(in text: CodeText) -> [Range<Int>] {
        let words = self.words(in: text)
        return words.filter { word in
            let written = String(text.lowered[word])
            return self.isAddress(written) || (word == words.last && self.isAppHash(text.characters[word]))
        }
    }

    /// Returns the words, which are ranges of consecutive ASCII characters without white space.
    private static func words(in text: CodeText) -> [Range<Int>] {
        var words: [Range<Int>] = []
        var start: Int?
        for index in 0...text.count {
            let isPart = index < text.count && text[index].isASCII && !text[index].isWhitespace
            if isPart, start == nil { start = index }
            if !isPart, let first = start {
                words.append(first..<index)
                start = nil
            }
        }
        return words
    }

    private static func isAddress(_ word: String) -> Bool {
        if word.contains("://") || word.hasPrefix("www.") { return true }
        if let at = word.firstIndex(of: "@"), at > word.startIndex, word[at...].contains(".") { return true }
        guard let slash = word.firstIndex(of: "/"), let dot = word[..<slash].lastIndex(of: ".") else { return false }
        let domain = word[..<slash]
        let ending = domain[domain.index(after: dot)...]
        return ending.count >= 2 && ending.allSatisfy(\.isLetter) && domain.first?.isPunctuation == false
    }

    /// Returns whether a word looks like an app hash of Android's SMS Retriever: 11 base64 characters, including `+` or `/`.
    private static func isAppHash(_ word: ArraySlice<Character>) -> Bool {
        word.count == 11 && word.contains { $0 == "+" || $0 == "/" }
            && word.allSatisfy { CodeText.isPlain($0) || $0 == "+" || $0 == "/" }
    }

    /// Returns the ranges of phone numbers in international form: a plus sign, followed by digits and separators.
    private static func internationalNumbers(in text: CodeText) -> [Range<Int>] {
        let separators: Set<Character> = [" ", "-", "(", ")", ".", "\u{A0}", "\u{202F}"]
        var numbers: [Range<Int>] = []
        for start in 0..<text.count where text[start] == "+" {
            var end = start + 1
            var digits = 0
            var index = end
            while index < text.count, digits < 15 {
                if CodeText.digit(text[index]) != nil {
                    digits += 1
                    end = index + 1
                } else if !separators.contains(text[index]) {
                    break
                }
                index += 1
            }
            if digits > 0 { numbers.append(start..<end) }
        }
        return numbers
    }
}
