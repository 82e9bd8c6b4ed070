// SPDX-License-Identifier: Apache-2.0

/// The count of an admitted send.
///
/// A reservation ends in one of three ways:
///
/// * It is *released* if the message was definitely rejected. The count is undone.
/// * It is *converted* if the code is verified.
/// * Otherwise it is *settled*. The count remains until it drains.
///
/// Settling needs no call. If a process crashes, its reservations are therefore settled.
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
