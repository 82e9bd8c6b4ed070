// SPDX-License-Identifier: Apache-2.0

/// A period in which the clock of a store was not set back.
///
/// Codes and proofs belong to the epoch in which they were created. In all other epochs, codes and proofs are unknown, because
/// their expiry is a time of the clock before it was set back.
public struct ClockEpoch: Sendable, Hashable {
    /// The random number that identifies the epoch; 0 for ``initial``.
    public let rawValue: UInt64

    /// Creates an epoch from its number.
    ///
    /// - Parameter rawValue: A random number; 0 for ``initial``.
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// The epoch of a clock that was never set back.
    public static var initial: Self { Self(rawValue: 0) }
}

extension FieldEncoding {
    /// Appends an epoch to the input of a hash, so that the hash is valid only in this epoch.
    ///
    /// For the initial epoch, nothing is appended.
    mutating func append(_ epoch: ClockEpoch) {
        guard epoch != .initial else { return }
        withUnsafeBytes(of: epoch.rawValue.bigEndian) { self.append($0) }
    }
}
