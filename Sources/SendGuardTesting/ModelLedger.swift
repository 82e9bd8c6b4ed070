// SPDX-License-Identifier: Apache-2.0

import SendGuard

/// A simple model of a ledger, with which tests compare a real ledger.
///
/// A ledger (`SendLedger`) stores the guard's counts of messages and wrong codes.
struct ModelLedger {
    private var entries: [ScopeName: (record: ScopeRecord, expiry: LedgerTime)] = [:]

    /// The run-time modes and the daily reports.
    var runTime: RunTimeRecords

    init(_ runTime: RunTimeRecords = RunTimeRecords()) {
        self.runTime = runTime
    }

    mutating func reserve(_ claim: SendClaim, at now: LedgerTime) -> LedgerReply {
        self.reserve([claim], at: now)[0]
    }

    /// Processes several concurrent sends, and counts the sends that no scope refuses.
    ///
    /// A scope is a set of requests that share limits, such as all requests of one tenant.
    ///
    /// The method first processes all sends in the scopes of `SendClaim.origin`, and then all sends in the scopes of
    /// `SendClaim.shared`. If only one of these groups refuses a send, the count in the other group is undone.
    mutating func reserve(_ claims: [SendClaim], at now: LedgerTime) -> [LedgerReply] {
        let origin = claims.map { self.decide($0.origin, $0.facts, at: now) }
        let shared = claims.map { self.decide($0.shared, $0.facts, at: now) }
        return claims.indices.map { position in
            let (claim, origin, shared) = (claims[position], origin[position], shared[position])
            let replies = [origin, shared].map { LedgerReply(time: now, findings: $0) }
            if replies[0].isAdmitted != replies[1].isAdmitted {
                let admitted = replies[0].isAdmitted ? claim.origin : claim.shared
                self.release(admitted, claim.facts.cost, reservedAt: now, at: now)
            }
            let modes = self.runTime.modes(unlessVersion: claim.modesVersion, at: now)
            return LedgerReply(time: now, findings: origin + shared, modes: modes)
        }
    }

    /// Counts a send in all given scopes, unless one of them refuses the send.
    private mutating func decide(_ scopes: [ScopeClaim], _ facts: SendFacts, at now: LedgerTime) -> [GuardFinding] {
        let before = self.entries
        var findings: [GuardFinding] = []
        for scope in scopes {
            self.change(scope, at: now, isKept: scope.limits.countsSends) { record in
                findings += record.reserve(scope.limits, facts, at: now)
            }
        }
        if findings.contains(where: { $0.effect.refuses }) { self.entries = before }
        return findings
    }

    mutating func release(_ reservation: GuardReservation, at now: LedgerTime) {
        for scopes in [reservation.claim.origin, reservation.claim.shared] {
            self.release(scopes, reservation.claim.facts.cost, reservedAt: reservation.time, at: now)
        }
    }

    private mutating func release(_ scopes: [ScopeClaim], _ cost: Int, reservedAt time: LedgerTime, at now: LedgerTime)
    {
        for scope in scopes where scope.limits.countsSends && self.live(scope, at: now) != nil {
            self.change(scope, at: now) { $0.release(cost: cost, reservedAt: time) }
        }
    }

    mutating func record(_ outcomes: [SendOutcome], at now: LedgerTime) {
        for scopes in [\SendClaim.origin, \SendClaim.shared] {
            for sum in SendOutcome.sums(outcomes, scopes) {
                self.change(sum.scope, at: now) {
                    $0.record(successes: sum.successes, failures: sum.failures, sum.scope.limits, at: now)
                }
            }
        }
    }

    mutating func lockDown(_ scope: ScopeClaim, for duration: Int, at now: LedgerTime) {
        self.change(scope, at: now) { $0.lockedUntil = now + duration }
    }

    func records(of claim: SendClaim, at now: LedgerTime) -> [ScopeRecord?] {
        (claim.origin + claim.shared).map { self.live($0, at: now) }
    }

    mutating func removeExpired(at now: LedgerTime) {
        self.entries = self.entries.filter { $0.value.expiry >= now }
        self.runTime.removeExpired(at: now)
    }

    private func live(_ scope: ScopeClaim, at now: LedgerTime) -> ScopeRecord? {
        guard let entry = self.entries[scope.name], entry.expiry >= now else { return nil }
        return entry.record
    }

    private mutating func change(
        _ scope: ScopeClaim,
        at now: LedgerTime,
        isKept: Bool = true,
        _ step: (inout ScopeRecord) -> Void
    ) {
        var record = self.live(scope, at: now) ?? ScopeRecord(at: now)
        step(&record)
        guard isKept else { return }
        self.entries[scope.name] = (record, now + record.lifetime(scope.limits, at: now))
    }
}
