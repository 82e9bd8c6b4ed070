// SPDX-License-Identifier: Apache-2.0

extension StringProtocol {
    /// Returns whether two texts have the same bytes, except for the case of ASCII letters.
    ///
    /// The comparison takes linear time. The operator `==` compares texts in a normalized form, which takes quadratic time for
    /// a long run of combining marks.
    @inlinable package func equalsIgnoringASCIICase(_ other: some StringProtocol) -> Bool {
        self.utf8.elementsEqual(other.utf8) { $0.asciiLowercased == $1.asciiLowercased }
    }
}
