// SPDX-License-Identifier: Apache-2.0

/// The label before a number, such as "order no.", which can show that the number is not a code.
enum CodeLabel: Sendable, Hashable {
    /// No label of a different kind of number, such as an order number, precedes the number.
    case none
    /// The label of an account or a card, followed by a colon.
    ///
    /// The number may be a code, as in "your code for account: 482913".
    case otherAccount
    /// The label of a number that is not a code, such as an order number.
    case otherNumber

    /// The maximum number of words, counted back from a number, that are searched for its label.
    ///
    /// The count includes words such as "no." between the label and the number.
    private static let mostWords = 4

    /// Finds the label in the words before a position.
    init(before start: Int, in text: CodeText) {
        self = .none
        var end = start
        var isBehindColon = false
        for _ in 0..<Self.mostWords {
            guard let gapStart = Self.skipPunctuation(before: end, in: text, isBehindColon: &isBehindColon) else {
                return
            }
            guard let word = text.word(endingAt: gapStart) else { return }
            if let label = Self.label(word.text, gapStart, text, isBehindColon: isBehindColon) {
                self = label
                return
            }
            guard CodeVocabulary.fillers.contains(word.text) else { return }
            end = word.start
        }
    }

    private static func label(_ word: String, _ end: Int, _ text: CodeText, isBehindColon: Bool) -> CodeLabel? {
        if CodeVocabulary.otherNumbers.contains(word) { return .otherNumber }
        if CodeVocabulary.otherAccounts.contains(word) { return isBehindColon ? .otherAccount : .otherNumber }
        let isOther = CodeVocabulary.otherNumbersAtEnd.contains { text.hasPrefix($0, at: end - $0.count) }
        return isOther ? .otherNumber : nil
    }

    /// Skips blanks and punctuation between a position and the preceding word.
    ///
    /// - Returns: The end of the preceding word, or `nil` if a line break or a punctuation mark, such as a comma, separates the
    ///   word from the position.
    private static func skipPunctuation(before end: Int, in text: CodeText, isBehindColon: inout Bool) -> Int? {
        var index = end
        while let character = text.at(index - 1), !CodeText.isWordPart(character) {
            switch character {
            case ":", "=", "：", "＝": isBehindColon = true
            case ".":
                let word = text.word(endingAt: index - 1)?.text
                guard word.map(CodeVocabulary.abbreviations.contains) ?? false else { return nil }
            case "!", "?", "。", "！", "？", "\n", "\r\n", ",", "，", ";", "；": return nil
            default: break
            }
            index -= 1
        }
        return index
    }
}
