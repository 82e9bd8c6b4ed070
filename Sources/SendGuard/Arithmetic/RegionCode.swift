// SPDX-License-Identifier: Apache-2.0

public import SMSKit

/// The region of a phone number, in the form that a ledger stores.
public struct RegionCode: Sendable, Hashable {
    /// The first letter in the high byte, and the second letter in the low byte; 0 for no region.
    public let letters: UInt16

    /// Creates a code from its letters.
    ///
    /// - Parameter letters: The first letter in the high byte, and the second letter in the low byte; 0 for no region.
    public init(letters: UInt16) {
        self.letters = letters
    }

    /// Creates the code of a region.
    ///
    /// - Parameter region: The region; `nil` for numbers without a region.
    public init(_ region: Region?) {
        self.letters = region?.code.utf8.reduce(0) { $0 << 8 | UInt16($1) } ?? 0
    }

    /// The two bytes of the code, in the order of the letters.
    package var bytes: [UInt8] { [UInt8(self.letters >> 8), UInt8(self.letters & 0xFF)] }
}
