// SPDX-License-Identifier: Apache-2.0

import Deadlines
import SendGuard
import Synchronization

/// A send that waits for two decisions of the guard.
///
/// A scope is a set of sends with common limits, such as all sends from one address or to one region. The scopes of a send are
/// in two groups: `SendClaim.origin` and `SendClaim.shared`. A separate script call admits or refuses the send for each group.
final class PendingReservation: Sendable {
    /// The decision for a group of scopes, or the error of the script call for this group.
    typealias Part = Result<LedgerReply, any Error>

    /// The decisions for the two groups of scopes, `SendClaim.origin` and `SendClaim.shared`.
    struct Decisions: Sendable {
        var origin: Part
        var shared: Part
    }

    private struct State {
        var origin: Part?
        var shared: Part?
    }

    let claim: SendClaim
    private let state: Mutex<State>
    private let promise = Promise<Decisions>()

    /// Creates a pending send.
    ///
    /// The send has two groups of scopes. A group without scopes needs no decision, and admits the send.
    init(_ claim: SendClaim) {
        self.claim = claim
        let admitted = Part.success(LedgerReply(time: LedgerTime(seconds: 0), findings: []))
        self.state = Mutex(
            State(origin: claim.origin.isEmpty ? admitted : nil, shared: claim.shared.isEmpty ? admitted : nil)
        )
        if claim.origin.isEmpty, claim.shared.isEmpty {
            self.promise.fulfill(with: Decisions(origin: admitted, shared: admitted))
        }
    }

    /// Delivers the decision for one of the two groups of scopes.
    func resolve(_ group: ReservationBatch.Group, _ part: Part) {
        let decisions = self.state.withLock { state -> Decisions? in
            switch group {
            case .origin: state.origin = part
            case .shared: state.shared = part
            }
            guard let origin = state.origin, let shared = state.shared else { return nil }
            return Decisions(origin: origin, shared: shared)
        }
        if let decisions { self.promise.fulfill(with: decisions) }
    }

    /// Waits for the decisions for both groups, `SendClaim.origin` and `SendClaim.shared`.
    ///
    /// The method waits even after a cancellation of the task, because the send may already be counted in one of the groups.
    func decisions() async -> Decisions { await self.promise.wait() }
}
