// SPDX-License-Identifier: Apache-2.0

import OTPTesting
import SendGuard
import Synchronization

/// A ledger in memory that records its calls, and can delay them or make them fail.
final class ObservedLedger: SendLedger {
    struct Gone: Error {}

    enum Call: Sendable, Hashable { case reserve, release, record, claim }

    private struct State {
        var calls: [Call] = []
        var batches: [[SendOutcome]] = []
        var broken: Set<Call> = []
        var held: Set<Call> = []
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let ledger: InMemorySendLedger
    private let state = Mutex(State())

    init(clock: ManualClock) {
        self.ledger = InMemorySendLedger(clock: clock)
    }

    /// All calls that have begun, in order.
    var calls: [Call] { self.state.withLock(\.calls) }

    /// The outcomes of each delivery.
    var batches: [[SendOutcome]] { self.state.withLock(\.batches) }

    /// The number of outcomes of each kind in all deliveries.
    var sums: [SendOutcome.Kind: Int] {
        self.batches.joined().reduce(into: [:]) { $0[$1.kind, default: 0] += $1.count }
    }

    /// The number of calls that wait.
    var waiting: Int { self.state.withLock(\.waiting.count) }

    /// Makes calls fail.
    func fail(_ calls: Set<Call>) { self.state.withLock { $0.broken = calls } }

    /// Makes calls wait until ``release()``, even if their task is cancelled.
    func hold(_ calls: Set<Call>) { self.state.withLock { $0.held = calls } }

    /// Lets all waiting calls continue.
    func release() {
        let waiting = self.state.withLock { state in
            state.held = []
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    private func enter(_ call: Call) async throws {
        let isHeld = self.state.withLock { state in
            state.calls.append(call)
            return state.held.contains(call)
        }
        if isHeld {
            await withCheckedContinuation { continuation in
                let isFree = self.state.withLock { state in
                    if state.held.contains(call) { state.waiting.append(continuation) }
                    return !state.held.contains(call)
                }
                if isFree { continuation.resume() }
            }
        }
        if self.state.withLock({ $0.broken.contains(call) }) { throw Gone() }
    }

    func reserve(_ claim: SendClaim) async throws -> LedgerReply {
        try await self.enter(.reserve)
        return try await self.ledger.reserve(claim)
    }

    func release(_ reservation: GuardReservation) async throws {
        try await self.enter(.release)
        try await self.ledger.release(reservation)
    }

    func record(_ outcomes: [SendOutcome]) async throws {
        self.state.withLock { $0.batches.append(outcomes) }
        try await self.enter(.record)
        try await self.ledger.record(outcomes)
    }

    func lockDown(_ scope: ScopeClaim, for duration: Int) async throws {
        try await self.ledger.lockDown(scope, for: duration)
    }

    func records(of claim: SendClaim) async throws -> [ScopeRecord?] { try await self.ledger.records(of: claim) }

    func setMode(_ mode: GuardMode?, of rule: GuardRule.Name) async throws -> GuardModes {
        try await self.ledger.setMode(mode, of: rule)
    }

    func modes() async throws -> (modes: GuardModes, time: LedgerTime) { try await self.ledger.modes() }

    func add(_ counts: [ReportedEvent: Int]) async throws { try await self.ledger.add(counts) }

    func claimResponse(_ fingerprint: [UInt8], for lifetime: Duration) async throws -> Bool {
        try await self.enter(.claim)
        return try await self.ledger.claimResponse(fingerprint, for: lifetime)
    }

    func report(ofDay day: Int) async throws -> ReportDay { try await self.ledger.report(ofDay: day) }
}
