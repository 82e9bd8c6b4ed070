import Hiredis

/// The text of a script with gaps for the limits, cut up once: filling it in takes no search.
struct ScriptTemplate: Sendable {
    private let opening: Substring
    private let gaps: [(limit: Substring, text: Substring)]

    /// Joins files, in which `LIMITS.…` stands for a limit.
    init(_ files: [[UInt8]]) {
        let source = files.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n")
        var end = source.startIndex
        var texts: [Substring] = []
        var limits: [Substring] = []
        for match in source.matches(of: #/LIMITS\.([a-z_]+)/#) {
            texts.append(source[end..<match.range.lowerBound])
            limits.append(match.1)
            end = match.range.upperBound
        }
        texts.append(source[end...])
        self.opening = texts[0]
        self.gaps = Array(zip(limits, texts.dropFirst()))
    }

    /// Fills in the limits; one that is missing makes the script fail before it has run.
    func script(_ limits: [Substring: String]) -> RedisScript {
        var source = String(self.opening)
        for (limit, text) in self.gaps {
            source += limits[limit, default: "nil"]
            source += text
        }
        return RedisScript(source: source)
    }
}
