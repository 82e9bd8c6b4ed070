// SPDX-License-Identifier: Apache-2.0

import Redaction

/// A JSON number as it was written, so that no digit is lost.
package struct JSONNumber: Sendable, Hashable {
    /// The most characters of a number.
    ///
    /// A double has at most 767 significant digits.
    package static let maximumLength = 1024

    /// The number in the grammar of JSON, such as `-12`, `0.10` or `6e23`.
    package let text: String

    init(text: String) { self.text = text }

    /// The number if it is written without a fraction and an exponent and fits.
    package var int64: Int64? { self.integer(Int64.self) }

    /// The nearest double; `nil` if the number is too large for one.
    package var double: Double? { Double(self.text).flatMap { $0.isFinite ? $0 : nil } }

    /// The number as an integer type, if it is written without a fraction and an exponent and fits.
    func integer<Integer: FixedWidthInteger>(_ type: Integer.Type) -> Integer? { Integer(self.text) }
}

extension JSONNumber: Redacted {
    /// The type only: a number may be a telephone number.
    package var description: String { "JSONNumber" }
}
