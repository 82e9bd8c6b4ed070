// SPDX-License-Identifier: Apache-2.0

/// A parsed INI file, which consists of sections with keys and values.
///
/// The parsers of Alibaba's SDKs for Go, Java, Node, PHP and Python differ. This parser supports the syntax of all these SDKs.
/// If a key occurs more than once, its last value is used.
struct INIFile: Sendable, Hashable {
    private let sections: [String: [String: String]]

    /// Parses the text of an INI file.
    ///
    /// Lines that begin with `#` or `;` are comments. After a value, a comment begins at `#`, or at `;` after white space. A
    /// value in double or single quotes is literal. Keys are converted to lower case. Keys before the first section are
    /// ignored.
    ///
    /// A backslash at the end of a line continues the value on the next line, as in the SDK for Go. An indented line that is
    /// not a key is appended to the value of the previous key as a new line, as in the SDK for Python.
    ///
    /// - Throws: An error with the number of the first line that is neither a section, a key nor part of a value.
    init(text: String) throws(AlibabaSMSError) {
        var reader = Reader()
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            try reader.read(line)
        }
        reader.endValue()
        self.sections = reader.sections
    }

    /// Returns the keys and values of a section, or `nil` if the section does not exist or is disabled.
    ///
    /// A section is disabled if its key `enable` has the value `false`, `0`, `no` or `off`. If no section has exactly the given
    /// name, the search ignores case, as in the SDK for PHP.
    subscript(section: String) -> [String: String]? {
        let inOtherCase = self.sections.filter { $0.key.lowercased() == section.lowercased() }
        let keys = self.sections[section] ?? inOtherCase.min { $0.key < $1.key }?.value
        // The SDK for Java skips disabled sections.
        return ["false", "0", "no", "off"].contains(keys?["enable"]?.lowercased()) ? nil : keys
    }
}
