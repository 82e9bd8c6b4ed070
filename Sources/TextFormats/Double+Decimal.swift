// SPDX-License-Identifier: Apache-2.0

extension Double {
    /// Parses ASCII digits with at most one decimal point, such as `1.50`; `nil` for any other text.
    ///
    /// Unlike `Double.init(_:)`, this initializer rejects signs, exponents, `inf` and hexadecimal digits.
    ///
    /// - Parameter text: The number.
    package init?(decimal text: String) {
        guard text.utf8.allSatisfy({ $0.isASCIIDigit || $0 == UInt8(ascii: ".") }) else { return nil }
        self.init(text)
    }
}
