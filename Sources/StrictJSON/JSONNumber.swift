// SPDX-License-Identifier: Apache-2.0

import Redaction

/// A JSON number as text, so that no digit is lost.
package struct JSONNumber: Sendable, Hashable {
    /// The maximum length of a number, which is sufficient for the 767 significant digits of a double.
    package static let maximumLength = 1024

    /// The text of the number, such as `-12`, `0.10` or `6e23`.
    package let text: String

    init(text: String) { self.text = text }

    /// The number as an integer; `nil` if it has a fraction or an exponent, or does not fit into `Int64`.
    package var int64: Int64? { self.integer(Int64.self) }

    /// The nearest double; `nil` if the number is too large for a double.
    package var double: Double? { Double(self.text).flatMap { $0.isFinite ? $0 : nil } }

    /// Returns the number as an integer; `nil` if it has a fraction or an exponent, or does not fit into the type.
    func integer<Integer: FixedWidthInteger>(_ type: Integer.Type) -> Integer? { Integer(self.text) }
}

extension JSONNumber: Redacted {
    /// The name of the type.
    ///
    /// The description does not contain the number, because the number may be a phone number.
    package var description: String { "JSONNumber" }
}
