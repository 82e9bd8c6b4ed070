// SPDX-License-Identifier: Apache-2.0

/// The count of an admitted send.
///
/// A reservation ends in one of three ways:
///
/// * *Released*: The message was definitely rejected. The count is undone.
/// * *Converted*: The code was verified.
/// * *Settled*: Neither of the two happened. The count remains until it drains.
///
/// Settling needs no call, so a crash of the process also settles its reservations.
public struct GuardReservation: Sendable, Hashable {
    /// The scopes of the send, and its ``SendFacts``.
    public let claim: SendClaim

    /// The ledger's time at which the send was counted.
    public let time: LedgerTime

    /// Creates a reservation.
    ///
    /// - Parameters:
    ///   - claim: The scopes of the send, and its ``SendFacts``.
    ///   - time: The ledger's time at which the send was counted.
    public init(claim: SendClaim, time: LedgerTime) {
        self.claim = claim
        self.time = time
    }
}
