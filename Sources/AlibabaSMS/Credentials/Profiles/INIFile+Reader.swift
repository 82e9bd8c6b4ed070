// SPDX-License-Identifier: Apache-2.0

extension INIFile {
    /// A parser that processes an INI file line by line.
    struct Reader {
        /// A key with a value that may continue on the next lines.
        private struct Entry {
            var key: String
            var indentation: Int
            var first: Substring
            /// The indented lines that continue the value, as in Alibaba's SDK for Python.
            var further: [Substring] = []
            /// The joined text of lines that end with a backslash, as in Alibaba's SDK for Go.
            var joined: String?
            var isOpen = false
        }

        private(set) var sections: [String: [String: String]] = [:]
        private var section: String?
        private var entry: Entry?
        private var lineNumber = 0

        /// Parses the next line.
        mutating func read(_ line: Substring) throws(AlibabaSMSError) {
            self.lineNumber += 1
            let text = INIFile.trim(line)
            if self.entry?.isOpen == true {
                self.join(text)
                return
            }
            if text.isEmpty || text.hasPrefix("#") || text.hasPrefix(";") { return }
            let indentation = line.prefix { $0.isWhitespace }.count
            let separator = text.firstIndex { $0 == "=" || $0 == ":" }
            if let entry = self.entry, indentation > entry.indentation, !Self.isKey(text, separator) {
                self.entry?.further.append(text)
                return
            }
            if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
                self.endValue()
                let name = String(INIFile.trim(text[text.index(after: text.startIndex)..<end]))
                self.section = name
                self.sections[name, default: [:]] = self.sections[name, default: [:]]
                return
            }
            guard let separator else {
                let message = "line \(self.lineNumber) of the file is neither a section nor a key"
                throw .unavailable("profile", message)
            }
            self.endValue()
            self.begin(INIFile.trim(text[..<separator]), text[text.index(after: separator)...], indentation)
        }

        /// Stores the value of the key that was read last.
        mutating func endValue() {
            guard let entry = self.entry else { return }
            self.entry = nil
            guard let section = self.section else { return }
            let value = entry.joined ?? INIFile.value(entry.first)
            let lines = [value] + entry.further.map(String.init)
            self.sections[section, default: [:]][entry.key] = lines.joined(separator: "\n")
        }

        private mutating func begin(_ key: Substring, _ value: Substring, _ indentation: Int) {
            let value = INIFile.trim(value)
            self.entry = Entry(key: key.lowercased(), indentation: indentation, first: value)
            // A backslash in quotes or in a comment does not continue a line.
            guard INIFile.value(value).hasSuffix("\\"), value.hasSuffix("\\") else { return }
            self.entry?.joined = String(value.dropLast())
            self.entry?.isOpen = true
        }

        private mutating func join(_ text: Substring) {
            let continues = text.hasSuffix("\\")
            self.entry?.joined?.append(String(continues ? text.dropLast() : text))
            self.entry?.isOpen = continues
        }

        /// Returns whether an indented line begins a key or a section instead of continuing a value.
        ///
        /// An indented value can be JSON, such as a policy. In a line of JSON, the text before the colon contains quotes,
        /// braces or spaces. Such a line is therefore not a key.
        private static func isKey(_ text: Substring, _ separator: Substring.Index?) -> Bool {
            if text.hasPrefix("[") { return text.contains("]") && !text.contains("\"") }
            guard let separator else { return false }
            let name = INIFile.trim(text[..<separator])
            return !name.isEmpty && name.allSatisfy { $0.isLetter || $0.isNumber || "_-.".contains($0) }
        }
    }

    fileprivate static func value(_ text: Substring) -> String {
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

    static func trim(_ text: Substring) -> Substring {
        var text = text
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
