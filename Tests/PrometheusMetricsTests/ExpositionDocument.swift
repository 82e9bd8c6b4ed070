// SPDX-License-Identifier: Apache-2.0

/// A strict parser of the text format of Prometheus, version 0.0.4, which shares no code with the exporter.
struct ExpositionDocument {
    /// One line with a value.
    struct Sample: Hashable {
        var name: String
        var labels: [String: String]
        var value: Double
    }

    /// A metric with its help text and its type.
    struct Family {
        var help: String
        var type: String
        var samples: [Sample] = []
    }

    /// The reason why a text is malformed.
    struct Malformed: Error {
        var line: String
    }

    private(set) var families: [String: Family] = [:]

    /// Parses a text, which must end with a line feed, and must not repeat a metric or a sample.
    init(_ text: String) throws(Malformed) {
        guard text.isEmpty || text.hasSuffix("\n") else { throw Malformed(line: "the last line") }
        var current = ""
        var seen: Set<String> = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init) {
            if let match = line.wholeMatch(of: /# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)/) {
                current = String(match.1)
                guard self.families[current] == nil else { throw Malformed(line: line) }
                self.families[current] = Family(help: String(match.2), type: "")
            } else if let match = line.wholeMatch(of: /# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram)/) {
                guard String(match.1) == current, self.families[current]?.type == "" else {
                    throw Malformed(line: line)
                }
                self.families[current]?.type = String(match.2)
            } else {
                let sample = try Self.sample(line)
                let isOwn = ["", "_bucket", "_sum", "_count"].contains { sample.name == current + $0 }
                guard isOwn, seen.insert("\(sample.name) \(sample.labels.sorted { $0.key < $1.key })").inserted else {
                    throw Malformed(line: line)
                }
                self.families[current]?.samples.append(sample)
            }
        }
    }

    /// Returns the value of a sample.
    func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        self.families.values.flatMap(\.samples).first { $0.name == name && $0.labels == labels }?.value
    }

    private static func sample(_ line: String) throws(Malformed) -> Sample {
        guard let match = line.wholeMatch(of: /([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? ([^ ]+)/),
            let value = Double(match.3.replacing("Inf", with: "inf"))
        else { throw Malformed(line: line) }
        var labels: [String: String] = [:]
        var rest = match.2 ?? ""
        while !rest.isEmpty {
            guard let label = rest.prefixMatch(of: /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\\\|\\"|\\n)*)"(,(?=.))?/),
                labels.updateValue(Self.unescaped(label.2), forKey: String(label.1)) == nil
            else { throw Malformed(line: line) }
            rest = rest[label.range.upperBound...]
        }
        return Sample(name: String(match.1), labels: labels, value: value)
    }

    private static func unescaped(_ text: Substring) -> String {
        var result = ""
        var isEscaped = false
        for character in text {
            if isEscaped {
                result.append(character == "n" ? "\n" : character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else {
                result.append(character)
            }
        }
        return result
    }
}
