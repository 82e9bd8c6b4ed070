// SPDX-License-Identifier: Apache-2.0

/// A period in which the clock of a store was not set back.
///
/// A code or a proof is valid only in the epoch in which it was created.
public struct ClockEpoch: Sendable, Hashable {
    /// The random number that identifies the epoch; 0 for ``initial``.
    public let rawValue: UInt64

    /// The highest time that the clock had reached in any earlier epoch; `nil` if there was no earlier epoch, or if the time is
    /// unknown.
    ///
    /// A time before this value can belong to several epochs. The value must never decrease from one epoch to the next.
    public let previousEnd: StoreTime?

    /// Creates an epoch.
    ///
    /// - Parameters:
    ///   - rawValue: The random number that identifies the epoch; 0 for ``initial``.
    ///   - previousEnd: The highest time that the clock had reached in any earlier epoch. If the value is `nil` in an epoch
    ///     other than ``initial``, a service refuses all proofs from other services.
    public init(rawValue: UInt64, previousEnd: StoreTime?) {
        self.rawValue = rawValue
        self.previousEnd = previousEnd
    }

    /// The epoch of a clock that was never set back.
    public static var initial: Self { Self(rawValue: 0, previousEnd: nil) }

    /// Returns whether a proof from another service was certainly created in this epoch.
    ///
    /// Such a proof is not bound to an epoch. A proof lives for at most 10 minutes, so its expiry must be more than 11 minutes
    /// after ``previousEnd``. The additional minute is a tolerance. The clock of the other service may be ahead, and
    /// ``previousEnd`` may be slightly too early.
    ///
    /// - Parameter expiry: The expiry of the proof.
    /// - Returns: Whether the proof was certainly created in this epoch.
    package func contains(proofExpiringAt expiry: StoreTime) -> Bool {
        guard self.rawValue != Self.initial.rawValue else { return true }
        guard let previousEnd = self.previousEnd else { return false }
        return expiry > previousEnd + StoreTime.longestRemainder(ofProofWith: OTPLimits.longestLifetime)
    }
}

extension FieldEncoding {
    /// Appends an epoch to the input of a hash, so that the hash is valid only in this epoch.
    ///
    /// For the initial epoch, nothing is appended.
    mutating func append(_ epoch: ClockEpoch) {
        guard epoch.rawValue != ClockEpoch.initial.rawValue else { return }
        withUnsafeBytes(of: epoch.rawValue.bigEndian) { self.append($0) }
    }
}
