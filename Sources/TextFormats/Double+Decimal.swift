// SPDX-License-Identifier: Apache-2.0

extension Double {
    /// Reads ASCII digits with at most one decimal point, such as `1.50`; `nil` for a sign, an exponent, `inf` or `0x10`, which
    /// `Double.init(_:)` reads, too.
    ///
    /// - Parameter text: The number.
    package init?(decimal text: String) {
        guard text.utf8.allSatisfy({ $0.isASCIIDigit || $0 == UInt8(ascii: ".") }) else { return nil }
        self.init(text)
    }
}
