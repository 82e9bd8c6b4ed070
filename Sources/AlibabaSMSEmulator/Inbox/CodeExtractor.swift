/// Finds the verification code in a text.
enum CodeExtractor {
    struct Code: Sendable, Hashable {
        var text: String
        var rule: InboxMessage.CodeRule
    }

    /// Words near which a code stands, in lower case.
    static let keywords = [
        "code", "codes", "otp", "pin", "passcode", "password", "token", "verification", "verify", "验证码", "驗證碼", "校验码",
        "校驗碼", "动态码", "認証コード", "認証番号", "コード", "인증번호", "código", "codigo", "codice", "kode", "kod", "код", "mã", "รหัส",
    ]

    /// How many characters may stand between a keyword and a code.
    static let reach = 60

    /// By how many characters a code before its keyword counts as farther than one behind it.
    static let penaltyBefore = 4

    static func code(in text: String) -> Code? {
        if let code = self.originBound(text) { return Code(text: code, rule: .originBound) }
        let characters = Array(text.lowercased())
        // A few characters change their number when they change their case; positions must stay comparable.
        let original = Array(text).count == characters.count ? Array(text) : characters
        let positions = self.keywordPositions(characters)
        guard !positions.isEmpty else { return nil }
        let runs = self.runs(original)
        let digits = runs.filter { (4...10).contains($0.count) && $0.allSatisfy { original[$0].isNumber } }
        if let run = self.nearest(digits, to: positions) { return Code(text: String(original[run]), rule: .digits) }
        let mixed = runs.filter { run in
            (6...8).contains(run.count) && run.contains { original[$0].isNumber }
        }
        if let run = self.nearest(mixed, to: positions) {
            return Code(text: String(original[run]), rule: .alphanumeric)
        }
        return nil
    }

    /// The code of a last line `@example.com #123456`, which browsers fill in on that site only.
    private static func originBound(_ text: String) -> String? {
        guard let line = text.split(whereSeparator: \.isNewline).last, line.first == "@" else { return nil }
        let words = line.split(separator: " ")
        guard words.count == 2, words[0].count > 1, words[1].first == "#" else { return nil }
        let code = words[1].dropFirst()
        return !code.isEmpty && code.allSatisfy(self.isPlain) ? String(code) : nil
    }

    private static func keywordPositions(_ text: [Character]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        for keyword in self.keywords.map(Array.init) where keyword.count <= text.count {
            let needsBoundary = keyword.allSatisfy(\.isASCII)
            for start in 0...(text.count - keyword.count) where text[start] == keyword[0] {
                let end = start + keyword.count
                guard text[start..<end].elementsEqual(keyword) else { continue }
                let touches =
                    (start > 0 && self.isPlain(text[start - 1])) || (end < text.count && self.isPlain(text[end]))
                if !(needsBoundary && touches) { found.append(start..<end) }
            }
        }
        return found
    }

    /// The unbroken groups of ASCII letters and digits, without those that belong to a number with a plus sign.
    private static func runs(_ text: [Character]) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        var start: Int?
        for index in 0...text.count {
            let isPlain = index < text.count && self.isPlain(text[index])
            if isPlain, start == nil { start = index }
            if !isPlain, let first = start {
                if first == 0 || text[first - 1] != "+" { runs.append(first..<index) }
                start = nil
            }
        }
        return runs
    }

    private static func nearest(_ runs: [Range<Int>], to keywords: [Range<Int>]) -> Range<Int>? {
        let distances = runs.map { run in
            keywords.map { keyword in
                run.lowerBound >= keyword.upperBound
                    ? run.lowerBound - keyword.upperBound
                    : max(keyword.lowerBound - run.upperBound, 0) + self.penaltyBefore
            }
            .min() ?? .max
        }
        guard let best = distances.indices.min(by: { distances[$0] < distances[$1] }) else { return nil }
        return distances[best] <= self.reach ? runs[best] : nil
    }

    private static func isPlain(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber)
    }
}
