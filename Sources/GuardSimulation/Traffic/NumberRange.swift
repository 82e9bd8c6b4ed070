// SPDX-License-Identifier: Apache-2.0

/// All phone numbers with the same first digits and the same length.
package struct NumberRange: Sendable, Hashable {
    /// The first digits, in E.164 form with a plus sign.
    package let prefix: String

    /// The number of digits after the prefix.
    package let digits: Int

    /// Creates a range.
    package init(_ prefix: String, digits: Int) {
        self.prefix = prefix
        self.digits = digits
    }

    /// The number of phone numbers in the range.
    var count: Int { (0..<self.digits).reduce(1) { product, _ in product * 10 } }

    /// Returns the phone number at a position in the range.
    ///
    /// Positions beyond the end of the range wrap around to its start.
    func number(_ position: Int) -> String {
        self.prefix + String(position % self.count + self.count).dropFirst()
    }

    func random(using random: inout some RandomNumberGenerator) -> String {
        self.number(Int.random(in: 0..<self.count, using: &random))
    }
}
