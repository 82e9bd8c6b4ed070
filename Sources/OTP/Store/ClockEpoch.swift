// SPDX-License-Identifier: Apache-2.0

/// A period in which the clock of a store was not set back.
///
/// A code is valid only in the epoch in which it was created. Otherwise an expired code could become valid again when the clock
/// is set back.
public struct ClockEpoch: Sendable, Hashable {
    /// The random number that identifies the epoch; 0 for ``initial``.
    public let rawValue: UInt64

    /// The highest time that the clock had reached in any earlier epoch; `nil` if there was no earlier epoch, or if the time is
    /// unknown.
    ///
    /// After the clock was set back, it reaches the same times again. Therefore a time before this value can belong to several
    /// epochs. The value must never decrease from one epoch to the next.
    public let previousEnd: StoreTime?

    /// Creates an epoch.
    ///
    /// - Parameters:
    ///   - rawValue: The random number that identifies the epoch; 0 for ``initial``.
    ///   - previousEnd: The highest time that the clock had reached in any earlier epoch; `nil` for ``initial``, or if the time
    ///     is unknown. If the time is unknown, the service refuses all proofs (signed results of verifications) from other
    ///     services, because these proofs may be from an earlier epoch.
    public init(rawValue: UInt64, previousEnd: StoreTime?) {
        self.rawValue = rawValue
        self.previousEnd = previousEnd
    }

    /// The epoch of a clock that was never set back.
    public static var initial: Self { Self(rawValue: 0, previousEnd: nil) }

    /// Returns whether a proof of another service was created in this epoch; `false` if this is not certain.
    ///
    /// A proof is the signed result of a successful verification. The other service does not know the epoch of this clock, so
    /// the proof does not contain the epoch. The method derives the epoch from the expiry. A proof lives for at most 10
    /// minutes. If it expires more than 10 minutes after ``previousEnd``, it was created in this epoch. The method requires 11
    /// minutes, because the clock of the other service may be ahead, and ``previousEnd`` may be slightly too early.
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
    /// For the epoch ``ClockEpoch/initial``, the method appends nothing.
    mutating func append(_ epoch: ClockEpoch) {
        guard epoch.rawValue != ClockEpoch.initial.rawValue else { return }
        withUnsafeBytes(of: epoch.rawValue.bigEndian) { self.append($0) }
    }
}
