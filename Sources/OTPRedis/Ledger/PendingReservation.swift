// SPDX-License-Identifier: Apache-2.0

import Deadlines
import SendGuard
import Synchronization

/// A send that waits for two decisions.
///
/// One decision is about the group of its network and its source, and the other is about the group of its shared scopes.
final class PendingReservation: Sendable {
    /// The decision of a group, or the error of its script.
    typealias Part = Result<LedgerReply, any Error>

    /// The decisions of both groups.
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
    /// A group without scopes admits every send.
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

    /// Delivers the decision of a group.
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

    /// Waits for both decisions, even if the task is cancelled, because the send may be counted already.
    func decisions() async -> Decisions { await self.promise.wait() }
}
