// SPDX-License-Identifier: Apache-2.0

/// An admitted send that the ledger has counted.
///
/// A reservation ends in one of three ways:
///
/// * *Released*: The message was definitely rejected. The ledger no longer counts the send.
/// * *Converted*: The code was verified. The ledger counts the send as verified.
/// * *Settled*: The message was not rejected, and its code was not verified. The daily counts include the send until the day
///   ends. Each leaky bucket includes the send until the unit that the send added has drained.
///
/// Settling needs no call. The reservations of a crashed process therefore settle too.
public struct GuardReservation: Sendable, Hashable {
    /// The scopes and the ``SendFacts`` of the send.
    public let claim: SendClaim

    /// The ledger's time at which the send was counted.
    public let time: LedgerTime

    /// Creates a reservation.
    ///
    /// - Parameters:
    ///   - claim: The scopes and the ``SendFacts`` of the send.
    ///   - time: The ledger's time at which the send was counted.
    public init(claim: SendClaim, time: LedgerTime) {
        self.claim = claim
        self.time = time
    }
}
