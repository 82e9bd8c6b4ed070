// SPDX-License-Identifier: Apache-2.0

/// A fragment of HTML, in which interpolated texts are escaped.
///
/// Only literals and other fragments are copied without a change, so a user's text cannot become markup:
///
/// ```swift
/// let row: HTML = "<p>\(name)</p>"
/// ```
package struct HTML: Sendable, Hashable, ExpressibleByStringInterpolation {
    /// The HTML text of the fragment.
    package let text: String

    package init(stringLiteral value: String) { self.text = value }

    package init(stringInterpolation: StringInterpolation) { self.text = stringInterpolation.text }

    private init(text: String) { self.text = text }

    /// Creates a fragment from a plain text.
    ///
    /// - Parameter text: A text, which is escaped.
    package init(escaping text: some StringProtocol) { self.text = Self.escape(text) }

    /// Joins the fragments of a sequence into one fragment.
    package static func joined(_ parts: some Sequence<HTML>) -> HTML { HTML(text: parts.map(\.text).joined()) }

    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        package init(literalCapacity: Int, interpolationCount: Int) {
            self.text.reserveCapacity(literalCapacity + interpolationCount * 16)
        }

        package mutating func appendLiteral(_ literal: String) { self.text += literal }

        package mutating func appendInterpolation(_ text: some StringProtocol) { self.text += HTML.escape(text) }

        package mutating func appendInterpolation(_ number: Int) { self.text += "\(number)" }

        package mutating func appendInterpolation(_ fragment: HTML) { self.text += fragment.text }

        package mutating func appendInterpolation(_ fragment: HTML?) { self.text += fragment?.text ?? "" }
    }

    /// Escapes the special characters in texts and quoted attributes.
    private static func escape(_ text: some StringProtocol) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
