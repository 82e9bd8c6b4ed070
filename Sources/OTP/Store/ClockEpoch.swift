// SPDX-License-Identifier: Apache-2.0

/// A period in which the clock of a store was not set back.
///
/// Codes and proofs belong to the epoch in which they were created. In every other epoch they are unknown, because their
/// expiry is a time of a clock that no longer exists.
public struct ClockEpoch: Sendable, Hashable {
    /// The name of the epoch: a random number; 0 for ``initial``.
    public let rawValue: UInt64

    /// Creates an epoch from its name.
    ///
    /// - Parameter rawValue: A random number; 0 for ``initial``.
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// The epoch of a clock that was never set back.
    public static var initial: Self { Self(rawValue: 0) }
}

extension FieldEncoding {
    /// Appends an epoch, so that a hash holds in this epoch only.
    ///
    /// The initial epoch appends nothing.
    mutating func append(_ epoch: ClockEpoch) {
        guard epoch != .initial else { return }
        withUnsafeBytes(of: epoch.rawValue.bigEndian) { self.append($0) }
    }
}
