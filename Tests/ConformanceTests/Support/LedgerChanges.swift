// SPDX-License-Identifier: Apache-2.0

import SendGuard

/// The changes that create a ledger with a deliberate fault (a mutant).
struct LedgerChanges: Sendable {
    /// A change of the scopes in each reservation and each outcome.
    var claim: (@Sendable (inout SendClaim) -> Void)?

    /// A replacement of a step, which receives the unchanged ledger.
    var reserve: (@Sendable (SendClaim, any SendLedger) async throws -> LedgerReply)?

    /// Returns whether the ledger records an outcome.
    var records: (@Sendable (SendOutcome) -> Bool)?
}

/// A ledger with a fault.
final class AlteredLedger: SendLedger {
    private let base: any SendLedger
    private let changes: LedgerChanges

    init(_ base: any SendLedger, _ changes: LedgerChanges) {
        self.base = base
        self.changes = changes
    }

    private func altered(_ claim: SendClaim) -> SendClaim {
        var claim = claim
        self.changes.claim?(&claim)
        return claim
    }

    func reserve(_ claim: SendClaim) async throws -> LedgerReply {
        let claim = self.altered(claim)
        if let reserve = self.changes.reserve { return try await reserve(claim, self.base) }
        return try await self.base.reserve(claim)
    }

    func release(_ reservation: GuardReservation) async throws {
        try await self.base.release(
            GuardReservation(claim: self.altered(reservation.claim), time: reservation.time)
        )
    }

    func record(_ outcomes: [SendOutcome]) async throws {
        let kept = outcomes.filter { self.changes.records?($0) ?? true }
        try await self.base.record(kept.map { SendOutcome(self.altered($0.claim), $0.kind, count: $0.count) })
    }

    func lockDown(_ scope: ScopeClaim, for duration: Int) async throws {
        try await self.base.lockDown(scope, for: duration)
    }

    func records(of claim: SendClaim) async throws -> [ScopeRecord?] {
        try await self.base.records(of: self.altered(claim))
    }

    func setMode(_ mode: GuardMode?, of rule: GuardRule.Name) async throws -> GuardModes {
        try await self.base.setMode(mode, of: rule)
    }

    func modes() async throws -> (modes: GuardModes, time: LedgerTime) { try await self.base.modes() }

    func claimResponse(_ fingerprint: [UInt8], for lifetime: Duration) async throws -> Bool {
        try await self.base.claimResponse(fingerprint, for: lifetime)
    }

    func add(_ counts: [ReportedEvent: Int]) async throws { try await self.base.add(counts) }

    func report(ofDay day: Int) async throws -> ReportDay { try await self.base.report(ofDay: day) }
}
