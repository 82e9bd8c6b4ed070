// SPDX-License-Identifier: Apache-2.0

/// A range of a text that looks like a verification code.
struct CodeCandidate: Sendable, Hashable {
    /// The range of the characters, including separators between groups of digits.
    var range: Range<Int>

    /// The number of letters and digits in the range.
    var length: Int

    /// Whether the range contains digits and no letters.
    var isNumeric: Bool
}

/// Finds the ranges of a text that look like a code, excluding addresses, amounts, dates and card numbers.
struct CodeCandidates: Sendable {
    static let numericLengths = 4...10
    static let alphanumericLengths = 6...8

    private static let hyphens: Set<Character> = ["-", "\u{2010}", "\u{2011}", "\u{2012}", "\u{2013}", "\u{2212}"]
    private static let blanks: Set<Character> = [" ", "\u{A0}", "\u{2007}", "\u{2009}", "\u{202F}"]
    private static let masks: Set<Character> = ["*", "•", "●", "×", "∗"]

    let text: CodeText

    /// Returns all candidates in the order of their positions in the text.
    func all() -> [CodeCandidate] {
        let runs = self.runs()
        var candidates: [CodeCandidate] = []
        var index = 0
        while index < runs.count {
            let chain = self.chain(of: runs, at: index)
            if chain.count > 1 {
                candidates += self.candidates(in: chain)
            } else if let candidate = self.candidate(runs[index]) {
                candidates.append(candidate)
            }
            index += chain.count
        }
        return candidates.filter { !self.isMasked($0.range) && !self.isAmount($0) && !self.isTime($0) }
    }

    // MARK: Runs

    /// Returns the unbroken runs of letters and digits that are outside addresses and phone numbers.
    private func runs() -> [Range<Int>] {
        let excluded = CodeExclusions(self.text).positions
        var runs: [Range<Int>] = []
        var start: Int?
        for index in 0...self.text.count {
            let isPart = index < self.text.count && CodeText.isPlain(self.text[index]) && !excluded[index]
            if isPart, start == nil { start = index }
            if !isPart, let first = start {
                runs.append(first..<index)
                start = nil
            }
        }
        return runs
    }

    private func isNumeric(_ run: Range<Int>) -> Bool { run.allSatisfy { CodeText.digit(self.text[$0]) != nil } }

    private func candidate(_ run: Range<Int>) -> CodeCandidate? {
        if self.isNumeric(run) {
            guard Self.numericLengths.contains(run.count) else { return nil }
            return CodeCandidate(range: run, length: run.count, isNumeric: true)
        }
        let letters = run.filter { CodeText.digit(self.text[$0]) == nil }
        guard Self.alphanumericLengths.contains(run.count), letters.count < run.count,
            // A group such as XX1234 is the end of a masked card number.
            !letters.allSatisfy({ self.text[$0] == "x" })
        else { return nil }
        return CodeCandidate(range: run, length: run.count, isNumeric: false)
    }

    // MARK: Groups

    /// The kind of separator between two groups of digits: a hyphen, a blank, or a character inside a number, date or time.
    private enum Joint: Hashable { case number, hyphen, blank }

    /// Returns the group of digits at an index, and the following groups with the same kind of separator, such as `123-456`.
    private func chain(of runs: [Range<Int>], at index: Int) -> [Range<Int>] {
        var chain = [runs[index]]
        guard let joint = self.joint(runs, after: index) else { return chain }
        var next = index
        while self.joint(runs, after: next) == joint {
            next += 1
            chain.append(runs[next])
        }
        // In "4821 2027-11-26", the group after the blank is the start of a date.
        if joint == .blank, self.joint(runs, after: next) != nil { chain.removeLast() }
        return chain
    }

    private func joint(_ runs: [Range<Int>], after index: Int) -> Joint? {
        guard index + 1 < runs.count, case let (left, right) = (runs[index], runs[index + 1]),
            right.lowerBound == left.upperBound + 1, self.isNumeric(left), self.isNumeric(right)
        else { return nil }
        let separator = self.text[left.upperBound]
        if Self.hyphens.contains(separator) { return .hyphen }
        if Self.blanks.contains(separator) { return .blank }
        switch separator {
        case "/": return .number
        case ":": return left.count <= 2 ? .number : nil
        case ".", ",", "'", "’", "٫", "٬":
            // In "918273,5 min", the number after the comma is a separate duration.
            if right.count <= 2, self.isFollowedByTimeUnit(right.upperBound) { return nil }
            if right.count == 1 && separator == "," { return nil }
            return right.count == 3 && left.count > 3 && separator != "." ? nil : .number
        default: return nil
        }
    }

    /// Returns the candidates in a chain of digit groups such as `123 456`.
    ///
    /// The candidates are the whole chain, single groups, or none.
    private func candidates(in chain: [Range<Int>]) -> [CodeCandidate] {
        let range = chain[0].lowerBound..<chain[chain.count - 1].upperBound
        let lengths = chain.map(\.count)
        let length = lengths.reduce(0, +)
        let separator = self.text[chain[0].upperBound]
        let isHyphen = Self.hyphens.contains(separator)
        guard isHyphen || Self.blanks.contains(separator) else { return [] }
        let isEven = Set(lengths).count == 1 && (2...4).contains(lengths[0])
        if isEven, (6...10).contains(length), !self.isDate(chain, isHyphen: isHyphen) {
            return [CodeCandidate(range: range, length: length, isNumeric: true)]
        }
        // A chain of three or more groups is a card or phone number, not a list of codes.
        let isLongNumber = chain.count > 2 && lengths.allSatisfy { $0 >= 2 }
        return isHyphen || isLongNumber ? [] : chain.compactMap(self.candidate)
    }

    /// Returns whether digit groups form a date such as 12-05-26, or a range of years such as 2026-2027.
    private func isDate(_ chain: [Range<Int>], isHyphen: Bool) -> Bool {
        let numbers = chain.map { Int(self.text.plainText($0)) ?? 0 }
        if chain.allSatisfy({ $0.count == 4 }), numbers.allSatisfy({ (1900...2099).contains($0) }) { return true }
        guard isHyphen, numbers.count == 3, chain.allSatisfy({ $0.count == 2 }) else { return false }
        let (first, second, third) = (numbers[0], numbers[1], numbers[2])
        return (1...12).contains(second) && ((1...31).contains(first) || (1...31).contains(third))
    }

    // MARK: Other numbers

    /// Returns whether a candidate is the visible part of a masked number, such as 1234 in `**1234`.
    private func isMasked(_ range: Range<Int>) -> Bool {
        func isMask(_ index: Int) -> Bool { self.text.at(index).map(Self.masks.contains) ?? false }
        return isMask(range.lowerBound - 1) && isMask(range.lowerBound - 2)
            || isMask(range.upperBound) && isMask(range.upperBound + 1)
    }

    private func isAmount(_ candidate: CodeCandidate) -> Bool {
        func isSign(_ character: Character?) -> Bool {
            character?.unicodeScalars.first?.properties.generalCategory == .currencySymbol || character == "%"
        }
        var before = candidate.range.lowerBound - 1
        if isSign(self.text.at(before)) { return true }
        if let character = self.text.at(before), Self.blanks.contains(character) || character == "." { before -= 1 }
        if isSign(self.text.at(before)) { return true }
        if let word = self.text.word(endingAt: before + 1)?.text, CodeVocabulary.currencies.contains(word) {
            return true
        }
        var after = candidate.range.upperBound
        if isSign(self.text.at(after)) { return true }
        if let character = self.text.at(after), Self.blanks.contains(character) { after += 1 }
        if isSign(self.text.at(after)) { return true }
        guard let word = self.text.word(startingAt: after) else { return false }
        return CodeVocabulary.currencies.contains(word)
    }

    private func isTime(_ candidate: CodeCandidate) -> Bool { self.isFollowedByTimeUnit(candidate.range.upperBound) }

    private func isFollowedByTimeUnit(_ end: Int) -> Bool {
        var start = end
        if let character = self.text.at(start), Self.blanks.contains(character) || Self.hyphens.contains(character) {
            start += 1
        }
        guard let word = self.text.word(startingAt: start) else { return false }
        return CodeVocabulary.timeUnits.contains { CodeVocabulary.fits(word, $0) }
    }
}
