/// A text as the code finder reads it: one entry a character, without characters that render as nothing.
struct CodeText: Sendable {
    /// The characters as they were written.
    let characters: [Character]

    /// The characters in lower case, at the same positions.
    let lowered: [Character]

    init(_ text: String) {
        var visible = String.UnicodeScalarView()
        visible.append(contentsOf: text.unicodeScalars.filter { !$0.properties.isDefaultIgnorableCodePoint })
        self.characters = Array(String(visible))
        self.lowered = self.characters.map { character in
            let lowered = character.lowercased()
            // A few characters become two in lower case; positions must stay comparable.
            return lowered.count == 1 ? Character(lowered) : character
        }
    }

    var count: Int { self.characters.count }

    subscript(index: Int) -> Character { self.lowered[index] }

    /// The character at a position, or `nil` outside the text.
    func at(_ index: Int) -> Character? { self.lowered.indices.contains(index) ? self.lowered[index] : nil }

    /// The value of a decimal digit of any script, or `nil` for another character.
    static func digit(_ character: Character) -> Int? {
        guard let scalar = character.unicodeScalars.first, character.unicodeScalars.count == 1,
            scalar.properties.numericType == .decimal
        else { return nil }
        return character.wholeNumberValue
    }

    /// Whether a character can be part of a code: an ASCII letter, or a decimal digit of any script.
    static func isPlain(_ character: Character) -> Bool {
        (character.isASCII && character.isLetter) || self.digit(character) != nil
    }

    /// Whether a character belongs to a word.
    static func isWordPart(_ character: Character) -> Bool { character.isLetter || character.isNumber }

    /// Whether some text begins at a position.
    func hasPrefix(_ prefix: [Character], at index: Int) -> Bool {
        index >= 0 && index + prefix.count <= self.count
            && self.lowered[index..<(index + prefix.count)].elementsEqual(prefix)
    }

    /// The words in a range, in lower case.
    func words(in range: Range<Int>) -> [String] {
        self.lowered[range].split { !Self.isWordPart($0) }.map { String($0) }
    }

    /// The word that ends just before a position, and where it begins.
    func word(endingAt end: Int) -> (text: String, start: Int)? {
        var start = end
        while start > 0, Self.isWordPart(self.lowered[start - 1]) { start -= 1 }
        return start < end ? (String(self.lowered[start..<end]), start) : nil
    }

    /// The word that begins at a position.
    func word(startingAt start: Int) -> String? {
        var end = start
        while end < self.count, Self.isWordPart(self.lowered[end]) { end += 1 }
        return start < end ? String(self.lowered[start..<end]) : nil
    }

    /// The text of a range, with decimal digits of all scripts as ASCII digits and without separators.
    func plainText(_ range: Range<Int>) -> String {
        var text = ""
        for character in self.characters[range] where Self.isPlain(character) {
            text += Self.digit(character).map { "\($0)" } ?? String(character)
        }
        return text
    }
}
