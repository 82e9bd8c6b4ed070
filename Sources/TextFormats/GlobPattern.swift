// SPDX-License-Identifier: Apache-2.0

/// A pattern in which `*` matches any text, including the empty text.
package struct GlobPattern: Sendable, Hashable {
    private let symbols: [UInt8]
    private let ignoresCase: Bool

    /// Creates a pattern.
    ///
    /// - Parameters:
    ///   - text: The pattern.
    ///   - ignoresCase: Whether uppercase and lowercase letters match each other.
    package init(_ text: String, ignoresCase: Bool = false) {
        self.symbols = Array((ignoresCase ? text.lowercased() : text).utf8)
        self.ignoresCase = ignoresCase
    }

    /// Returns whether the pattern matches the whole text, byte by byte.
    ///
    /// The running time is at most proportional to the product of the lengths of the pattern and the text.
    package func matches(_ text: String) -> Bool {
        var text = self.ignoresCase ? text.lowercased() : text
        return text.withUTF8 { self.matches($0) }
    }

    private func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var place = 0
        var symbol = 0
        // The last star, and the end of the text that the star currently matches. After a mismatch, the star matches one more
        // byte.
        var star: (symbol: Int, place: Int)?
        while place < text.count {
            if symbol < self.symbols.count, self.symbols[symbol] == UInt8(ascii: "*") {
                star = (symbol, place)
                symbol += 1
            } else if symbol < self.symbols.count, self.symbols[symbol] == text[place] {
                symbol += 1
                place += 1
            } else if let last = star {
                star = (last.symbol, last.place + 1)
                symbol = last.symbol + 1
                place = last.place + 1
            } else {
                return false
            }
        }
        return self.symbols[symbol...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
