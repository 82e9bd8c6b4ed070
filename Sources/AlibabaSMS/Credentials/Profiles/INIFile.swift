/// A text of sections with keys and values.
struct INIFile: Sendable, Hashable {
    private let sections: [String: [String: String]]

    /// Reads a text.
    ///
    /// Lines that begin with `#` or `;` are comments, and so is the rest of a value from a `#` on. Keys are lower-case.
    ///
    /// - Throws: An error that names the number of a line that is neither.
    init(text: String) throws(AlibabaSMSError) {
        var sections: [String: [String: String]] = [:]
        var section: String?
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let line = Self.trim(line)
            if line.isEmpty || line.hasPrefix("#") || line.hasPrefix(";") { continue }
            if line.hasPrefix("["), let end = line.firstIndex(of: "]") {
                let name = String(line[line.index(after: line.startIndex)..<end])
                section = name
                sections[name, default: [:]] = sections[name, default: [:]]
                continue
            }
            guard let section, let separator = line.firstIndex(where: { $0 == "=" || $0 == ":" }) else {
                throw .unavailable("profile", "line \(index + 1) of the file is neither a section nor a key")
            }
            let key = Self.trim(line[..<separator]).lowercased()
            let value = line[line.index(after: separator)...].prefix { $0 != "#" }
            sections[section, default: [:]][key] = String(Self.trim(value))
        }
        self.sections = sections
    }

    /// The keys and values of a section.
    subscript(section: String) -> [String: String]? { self.sections[section] }

    private static func trim(_ text: Substring) -> Substring {
        var text = text
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
