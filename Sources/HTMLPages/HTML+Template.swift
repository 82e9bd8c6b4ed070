// SPDX-License-Identifier: Apache-2.0

extension HTML {
    /// Creates a fragment from a text with placeholders.
    ///
    /// A placeholder is a name in braces, as in `Try again in {wait}.`
    ///
    /// - Parameters:
    ///   - template: The text, which is escaped.
    ///   - values: The fragments for the placeholders, keyed by placeholder name.
    package init(_ template: String, _ values: [String: HTML]) {
        var parts: [HTML] = []
        var rest = template[...]
        while let start = rest.firstIndex(of: "{"), let end = rest[start...].firstIndex(of: "}"),
            let value = values[String(rest[rest.index(after: start)..<end])]
        {
            parts += [HTML(escaping: rest[..<start]), value]
            rest = rest[rest.index(after: end)...]
        }
        self = .joined(parts + [HTML(escaping: rest)])
    }
}
