// SPDX-License-Identifier: Apache-2.0

/// A period in which the clock of a store was not set back.
///
/// Codes and proofs belong to the epoch in which they were created. In a later epoch, these codes and proofs are unknown,
/// because their expiry refers to the clock before it was set back.
public struct ClockEpoch: Sendable, Hashable {
    /// The random number that identifies the epoch; 0 for ``initial``.
    public let rawValue: UInt64

    /// The highest time that the clock had reached in any earlier epoch; `nil` if there was no earlier epoch, or if the time is
    /// unknown.
    ///
    /// After the clock was set back, the clock shows the times up to this value a second time. From one epoch to the next, the
    /// value must never decrease.
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

    /// Returns whether a proof that is not bound to an epoch was certainly created in this epoch.
    ///
    /// The creation time is computed from the expiry and the longest lifetime of a proof. The creation time must be more than
    /// one minute later than ``previousEnd``. The minute is necessary for two reasons. First, before the clock was set back, it
    /// may have shown slightly higher times that the store did not read. Second, the proof is from another service, and the
    /// clock of that service may be ahead.
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
