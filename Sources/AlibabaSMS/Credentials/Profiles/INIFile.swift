/// A text of sections with keys and values.
///
/// The parsers of Alibaba's SDKs for Go, Java, Node, PHP and Python differ; this one reads the forms that any of them
/// reads. Of several equal keys the last counts.
struct INIFile: Sendable, Hashable {
    private let sections: [String: [String: String]]

    /// Reads a text.
    ///
    /// Lines that begin with `#` or `;` are comments. After a value, a comment begins at a `#`, or at a `;` that follows
    /// white space. A value in double or single quotes is taken as it is. Keys are lower-case. Keys before the first
    /// section belong to no section.
    ///
    /// A value whose line ends with a backslash goes on in the next line, as in Go. An indented line that is no key
    /// adds a line to the value before it, as in Python.
    ///
    /// - Throws: An error that names the number of a line that is neither a section nor a key nor part of a value.
    init(text: String) throws(AlibabaSMSError) {
        var reader = Reader()
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            try reader.read(line)
        }
        reader.endValue()
        self.sections = reader.sections
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
}
