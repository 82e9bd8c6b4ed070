// SPDX-License-Identifier: Apache-2.0

public import Foundation
import Synchronization

/// An in-memory ``SendLedger`` for tests, simulations and services with a single process.
///
/// The counts are lost when the process ends. If a service has several processes, use `RedisSendLedger`. With a separate
/// in-memory ledger, each process would allow the full limits.
public final class InMemorySendLedger: SendLedger {
    private let records = Mutex(ExpiringRecords())
    private let runTime = Mutex(RunTimeRecords())
    private let responses = Mutex(UsedResponses(capacity: .max))
    private let now: @Sendable () -> LedgerTime

    /// Creates an empty ledger.
    ///
    /// - Parameters:
    ///   - clock: The clock for all limits. It should advance while the machine sleeps.
    ///   - start: The date that corresponds to the current time of the clock.
    public init<C: Clock>(clock: C = ContinuousClock(), start: Date = Date()) where C.Duration == Duration {
        let origin = clock.now
        let startSeconds = Int(start.timeIntervalSince1970)
        self.now = {
            LedgerTime(seconds: startSeconds + Int(origin.duration(to: clock.now).components.seconds))
        }
    }

    /// Creates an empty ledger that reads the current time from a closure.
    package init(now: @escaping @Sendable () -> LedgerTime) {
        self.now = now
    }

    /// The number of records in memory, including expired records that have not been removed yet.
    package var count: Int { self.records.withLock { $0.count } }

    /// Counts a send in all scopes (``GuardScope``) of a claim, unless a scope refuses the send.
    public func reserve(_ claim: SendClaim) async throws -> LedgerReply {
        var reply: LedgerReply = self.step { records, now in
            let origin = records.reserve(claim.origin, claim.facts, at: now)
            let shared = records.reserve(claim.shared, claim.facts, at: now)
            let reply = LedgerReply(time: now, findings: origin + shared)
            if !reply.isAdmitted {
                // If only one group of scopes admitted the send, the send is released in this group.
                let isAdmitted = { (findings: [GuardFinding]) in !findings.contains { $0.effect.refuses } }
                if isAdmitted(origin) { records.release(claim.origin, claim.facts.cost, reservedAt: now, at: now) }
                if isAdmitted(shared) { records.release(claim.shared, claim.facts.cost, reservedAt: now, at: now) }
            }
            return reply
        }
        if !claim.shared.isEmpty {
            reply.modes = self.runTime.withLock { $0.modes(unlessVersion: claim.modesVersion, at: reply.time) }
        }
        return reply
    }

    /// Undoes the count of a message that was definitely rejected.
    public func release(_ reservation: GuardReservation) async throws {
        self.step { records, now in
            for scopes in [reservation.claim.origin, reservation.claim.shared] {
                records.release(scopes, reservation.claim.facts.cost, reservedAt: reservation.time, at: now)
            }
        }
    }

    /// Records verified sends and failed attempts.
    public func record(_ outcomes: [SendOutcome]) async throws {
        self.step { records, now in
            for sum in SendOutcome.sums(outcomes, \.origin) + SendOutcome.sums(outcomes, \.shared) {
                records.change(sum.scope, at: now) {
                    $0.record(successes: sum.successes, failures: sum.failures, sum.scope.limits, at: now)
                }
            }
        }
    }

    /// Starts, changes or ends a lockdown (``GuardMeasure/lockdown``) for all later decisions.
    public func lockDown(_ scope: ScopeClaim, for duration: Int) async throws {
        self.step { records, now in
            records.change(scope, at: now) { $0.lockedUntil = now + duration }
        }
    }

    /// Returns the stored records of all scopes (``GuardScope``) of a send.
    ///
    /// The records of ``SendClaim/origin`` come first.
    public func records(of claim: SendClaim) async throws -> [ScopeRecord?] {
        self.step { records, now in (claim.origin + claim.shared).map { records.record($0, at: now) } }
    }

    /// Sets the run-time mode of a rule, and returns all modes.
    public func setMode(_ mode: GuardMode?, of rule: GuardRule.Name) async throws -> GuardModes {
        self.runTime.withLock { $0.setMode(mode, of: rule, at: self.now()) }
    }

    /// Returns the run-time modes, and the ledger's time.
    public func modes() async throws -> (modes: GuardModes, time: LedgerTime) {
        let now = self.now()
        return (self.runTime.withLock { $0.modes(at: now) }, now)
    }

    /// Adds counts to the report of the current day.
    public func add(_ counts: [ReportedEvent: Int]) async throws {
        self.runTime.withLock { $0.add(counts, at: self.now()) }
    }

    /// Returns the report of a day.
    public func report(ofDay day: Int) async throws -> ReportDay {
        self.runTime.withLock { $0.report(ofDay: day, at: self.now()) }
    }

    /// Marks a response of a human check as used, and returns whether the response was unused before.
    public func claimResponse(_ fingerprint: [UInt8], for lifetime: Duration) async throws -> Bool {
        let now = Duration.seconds(self.now().seconds)
        return self.responses.withLock { responses in
            guard responses.claim(fingerprint, at: now) == nil else { return false }
            // The current time is rounded down to whole seconds, so one second is added.
            responses.keep(fingerprint, until: now + lifetime + .seconds(1))
            return true
        }
    }

    private func step<Result: Sendable>(_ body: (inout ExpiringRecords, LedgerTime) -> Result) -> Result {
        self.records.withLock { body(&$0, self.now()) }
    }
}
