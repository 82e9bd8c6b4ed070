/// A text of sections with keys and values.
///
/// The parsers of Alibaba's SDKs for Go, Java, Node, PHP and Python differ; this one reads the forms that any of them
/// reads. Of several equal keys the last counts.
struct INIFile: Sendable, Hashable {
    private let sections: [String: [String: String]]

    /// Reads a text.
    ///
    /// Lines that begin with `#` or `;` are comments. After a value, a comment begins at a `#`, or at a `;` that follows
    /// white space. A value in double or single quotes is taken as it is. Keys are lower-case.
    ///
    /// - Throws: An error that names the number of a line that is neither a section nor a key.
    init(text: String) throws(AlibabaSMSError) {
        var sections: [String: [String: String]] = [:]
        var section: String?
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let line = Self.trim(line)
            if line.isEmpty || line.hasPrefix("#") || line.hasPrefix(";") { continue }
            if line.hasPrefix("["), let end = line.firstIndex(of: "]") {
                let name = String(Self.trim(line[line.index(after: line.startIndex)..<end]))
                section = name
                sections[name, default: [:]] = sections[name, default: [:]]
                continue
            }
            guard let section, let separator = line.firstIndex(where: { $0 == "=" || $0 == ":" }) else {
                throw .unavailable("profile", "line \(index + 1) of the file is neither a section nor a key")
            }
            let key = Self.trim(line[..<separator]).lowercased()
            sections[section, default: [:]][key] = Self.value(line[line.index(after: separator)...])
        }
        self.sections = sections
    }

    /// The keys and values of a section, unless it is switched off.
    ///
    /// A name that is in the file in other case only is found as well, as the SDK for PHP does.
    subscript(section: String) -> [String: String]? {
        let inOtherCase = self.sections.filter { $0.key.lowercased() == section.lowercased() }
        let keys = self.sections[section] ?? inOtherCase.min { $0.key < $1.key }?.value
        // The SDK for Java skips such sections.
        return ["false", "0", "no", "off"].contains(keys?["enable"]?.lowercased()) ? nil : keys
    }

    private static func value(_ text: Substring) -> String {
        let text = Self.trim(text)
        if let quote = text.first, quote == "\"" || quote == "'" {
            let rest = text.dropFirst()
            if let end = rest.firstIndex(of: quote) {
                let after = Self.trim(rest[rest.index(after: end)...])
                if after.isEmpty || after.hasPrefix("#") || after.hasPrefix(";") { return String(rest[..<end]) }
            }
        }
        var end = text.firstIndex(of: "#") ?? text.endIndex
        var previous: Character = " "
        for index in text[..<end].indices {
            if text[index] == ";", previous.isWhitespace {
                end = index
                break
            }
            previous = text[index]
        }
        return String(Self.trim(text[..<end]))
    }

    private static func trim(_ text: Substring) -> Substring {
        var text = text
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
