// SPDX-License-Identifier: Apache-2.0

/// A text without invisible characters, indexed by character for the code finder.
struct CodeText: Sendable {
    /// The visible characters of the text.
    let characters: [Character]

    /// The visible characters in lowercase, at the same positions as in ``characters``.
    let lowered: [Character]

    /// The maximum number of characters that ``word(endingAt:)`` and ``word(startingAt:)`` return of a word.
    ///
    /// The code finder compares these characters with the words in ``CodeVocabulary``.
    static let comparedLength = 32

    /// For each position, the start of the word that ends there, or the position itself if no word ends there.
    private let wordStarts: [Int]

    /// For each position, the end of the word that begins there, or the position itself if no word begins there.
    private let wordEnds: [Int]

    init(_ text: String) {
        var visible = String.UnicodeScalarView()
        visible.append(contentsOf: text.unicodeScalars.filter { !$0.properties.isDefaultIgnorableCodePoint })
        self.characters = Array(String(visible))
        self.lowered = self.characters.map { character in
            let lowered = character.lowercased()
            // A few characters become two characters in lowercase. Such characters stay unchanged, so that the positions of
            // both arrays match.
            return lowered.count == 1 ? Character(lowered) : character
        }
        (self.wordStarts, self.wordEnds) = Self.wordBounds(of: self.lowered)
    }

    /// Finds the start and the end of each word in linear time.
    private static func wordBounds(of characters: [Character]) -> (starts: [Int], ends: [Int]) {
        let isPart = characters.map(Self.isWordPart)
        var (starts, ends) = (Array(0...characters.count), Array(0...characters.count))
        for index in characters.indices where isPart[index] { starts[index + 1] = starts[index] }
        for index in characters.indices.reversed() where isPart[index] { ends[index] = ends[index + 1] }
        return (starts, ends)
    }

    var count: Int { self.characters.count }

    subscript(index: Int) -> Character { self.lowered[index] }

    /// Returns the lowercase character at a position, or `nil` if the position is outside the text.
    func at(_ index: Int) -> Character? { self.lowered.indices.contains(index) ? self.lowered[index] : nil }

    /// Returns the value of a decimal digit of any script, or `nil` if the character is not a decimal digit.
    static func digit(_ character: Character) -> Int? {
        guard let scalar = character.unicodeScalars.first, character.unicodeScalars.count == 1,
            scalar.properties.numericType == .decimal
        else { return nil }
        return character.wholeNumberValue
    }

    /// Returns whether a character is an ASCII letter or a decimal digit of any script, and can therefore be part of a code.
    static func isPlain(_ character: Character) -> Bool {
        (character.isASCII && character.isLetter) || self.digit(character) != nil
    }

    /// Returns whether a character belongs to a word.
    static func isWordPart(_ character: Character) -> Bool { character.isLetter || character.isNumber }

    /// Returns whether the text at a position begins with a prefix.
    func hasPrefix(_ prefix: [Character], at index: Int) -> Bool {
        index >= 0 && index + prefix.count <= self.count
            && self.lowered[index..<(index + prefix.count)].elementsEqual(prefix)
    }

    /// Returns whether all words in a range satisfy a condition, which receives each word in lowercase.
    func allWords(in range: Range<Int>, satisfy condition: (String) -> Bool) -> Bool {
        var index = range.lowerBound
        while index < range.upperBound {
            // The range may begin or end inside a word.
            let end = min(self.wordEnds[index], range.upperBound)
            if end > index, !condition(String(self.lowered[index..<end])) { return false }
            index = max(end, index + 1)
        }
        return true
    }

    /// Returns the last ``comparedLength`` characters of the word that ends at a position, and the start of the word.
    func word(endingAt end: Int) -> (text: String, start: Int)? {
        guard self.wordStarts.indices.contains(end), case let start = self.wordStarts[end], start < end else {
            return nil
        }
        return (String(self.lowered[max(start, end - Self.comparedLength)..<end]), start)
    }

    /// Returns the first ``comparedLength`` characters of the word that begins at a position.
    func word(startingAt start: Int) -> String? {
        guard self.wordEnds.indices.contains(start), case let end = self.wordEnds[start], start < end else {
            return nil
        }
        return String(self.lowered[start..<min(end, start + Self.comparedLength)])
    }

    /// Returns the letters and digits in a range, with each digit as an ASCII digit.
    func plainText(_ range: Range<Int>) -> String {
        var text = ""
        for character in self.characters[range] where Self.isPlain(character) {
            text += Self.digit(character).map { "\($0)" } ?? String(character)
        }
        return text
    }
}
