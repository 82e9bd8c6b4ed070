// SPDX-License-Identifier: Apache-2.0

/// The count of an admitted send.
///
/// It ends in one of three ways. *Released*: the message was definitely rejected, and the count is undone. *Converted*: the code was
/// verified. *Settled*: neither happened, and the count stays until it drains. Settling needs no call, so a process that crashes
/// leaks at most its own reservations, and these drain like unverified sends.
public struct GuardReservation: Sendable, Hashable {
    /// The scopes and the facts of the send.
    public let claim: SendClaim

    /// The ledger's time when it counted the send.
    public let time: LedgerTime

    /// Creates a reservation.
    ///
    /// - Parameters:
    ///   - claim: The scopes and the facts of the send.
    ///   - time: The ledger's time when it counted the send.
    public init(claim: SendClaim, time: LedgerTime) {
        self.claim = claim
        self.time = time
    }
}
