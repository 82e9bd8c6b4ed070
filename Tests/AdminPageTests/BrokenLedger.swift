// SPDX-License-Identifier: Apache-2.0

import SendGuard

/// A ledger that is not reachable.
struct BrokenLedger: SendLedger {
    struct Failure: Error {}

    func reserve(_ claim: SendClaim) async throws -> LedgerReply { throw Failure() }
    func release(_ reservation: GuardReservation) async throws { throw Failure() }
    func record(_ outcomes: [SendOutcome]) async throws { throw Failure() }
    func lockDown(_ scope: ScopeClaim, for duration: Int) async throws { throw Failure() }
    func records(of claim: SendClaim) async throws -> [ScopeRecord?] { throw Failure() }
    func setMode(_ mode: GuardMode?, of rule: GuardRule.Name) async throws -> GuardModes { throw Failure() }
    func modes() async throws -> (modes: GuardModes, time: LedgerTime) { throw Failure() }
    func add(_ counts: [ReportedEvent: Int]) async throws { throw Failure() }
    func report(ofDay day: Int) async throws -> ReportDay { throw Failure() }
    func claimResponse(_ fingerprint: [UInt8], for lifetime: Duration) async throws -> Bool { throw Failure() }
}
