// SPDX-License-Identifier: Apache-2.0

public import SMSKit

/// Decides whether a service may send a message, by limits that apply to many numbers together.
///
/// The limits bound the damage of two attacks: SMS pumping, which is fraud that makes a service send many messages, and
/// guessing one code for many numbers. Limits exist for the source, the number block, the region, the tenant and the whole
/// service. If too many recent codes of a source, a block, a region or a tenant were not verified, the guard refuses further
/// sends of that source, block, region or tenant. The limits of a single number are not part of this module.
///
/// ```swift
/// let decision = try await sendGuard.reserve(request)
/// guard let reservation = decision.reservation else { return refuse(decision) }
/// if case .rejected = await sms.send(message, timeout: .seconds(10)) {
///     try await sendGuard.release(reservation)
/// }
/// // Later, after the code was verified:
/// try await sendGuard.record([sendGuard.outcome(.verified, of: request)])
/// ```
///
/// If ``reserve(_:)`` throws, the message must not be sent.
public struct SMSGuard: Sendable {
    let ledger: any SendLedger
    let scopes: CurrentScopes
    let tally: ReportTally

    /// The policy, with the run-time modes that the ledger returned last.
    public var policy: GuardPolicy { self.scopes.table.policy }

    /// The policy without run-time modes.
    public var configuredPolicy: GuardPolicy { self.scopes.policy }

    /// Creates a guard.
    ///
    /// - Parameters:
    ///   - policy: The rules, and the operator's budgets, prices and regions.
    ///   - ledger: The ledger, which all processes of a service share.
    ///   - hash: The keyed hash for the names of scopes in the ledger.
    ///   - reportInterval: The longest time between a decision and its count in the report; `nil` for no report. The counts of
    ///     this time are lost if the process ends without ``flushReport()``.
    /// - Throws: ``GuardConfigurationError`` with the name of the first invalid entry of the policy.
    public init(
        policy: GuardPolicy,
        ledger: any SendLedger,
        hash: ScopeHash,
        reportInterval: Duration? = .seconds(10)
    ) throws(GuardConfigurationError) {
        try policy.check()
        self.ledger = ledger
        self.scopes = CurrentScopes(policy, hash)
        self.tally = ReportTally(ledger, every: reportInterval)
    }

    /// Decides about a send, and counts it if it is allowed.
    ///
    /// - Parameter request: The message that the caller wants to send.
    /// - Returns: The decision with its reason.
    /// - Throws: An error of the ledger. After an error, the message must not be sent.
    public func reserve(_ request: SendRequest) async throws -> GuardDecision {
        let claim = self.scopes.table.claim(for: request)
        let reply = try await self.ledger.reserve(claim)
        if let modes = reply.modes { self.scopes.apply(modes) }
        let decision = GuardDecision(reply, of: claim)
        self.tally.count(decision, of: claim)
        return decision
    }

    /// Undoes the count of a message that was definitely rejected.
    ///
    /// After a timeout the message may have been sent, so do not call this method then.
    ///
    /// - Parameter reservation: The reservation, which may be released only once.
    /// - Throws: An error of the ledger. The count may remain until it drains.
    public func release(_ reservation: GuardReservation) async throws {
        self.tally.countRelease(of: reservation.claim)
        try await self.ledger.release(reservation)
    }

    /// Returns the outcome of a code for ``record(_:)``.
    ///
    /// - Parameters:
    ///   - kind: The kind of the outcome: a verified send, or a failed attempt.
    ///   - request: A request with the number, tenant, purpose and source of the send.
    /// - Returns: The outcome.
    public func outcome(_ kind: SendOutcome.Kind, of request: SendRequest) -> SendOutcome {
        SendOutcome(self.scopes.table.claim(for: request), kind)
    }

    /// Returns the outcomes of subjects for ``record(_:)``.
    ///
    /// - Parameter sums: The subjects with the numbers of their outcomes.
    /// - Returns: For each subject, an outcome of each kind that occurred.
    package func outcomes(
        of sums: some Collection<(key: OutcomeSubject, value: OutcomeCounts)>
    ) -> [SendOutcome] {
        var claims = SubjectClaims(self.scopes.table)
        var outcomes: [SendOutcome] = []
        outcomes.reserveCapacity(sums.count)
        for (subject, counts) in sums {
            let claim = claims.claim(for: subject)
            if counts.verified > 0 { outcomes.append(SendOutcome(claim, .verified, count: counts.verified)) }
            if counts.failed > 0 { outcomes.append(SendOutcome(claim, .failed, count: counts.failed)) }
        }
        return outcomes
    }

    /// Records verified sends and failed attempts.
    ///
    /// A service can record outcomes in batches after its response to the user. If a verified send is not recorded, the guard
    /// becomes stricter. If a failed attempt is not recorded, only the rules with the measure ``GuardMeasure/failures`` become
    /// less strict.
    ///
    /// - Parameter outcomes: The outcomes.
    /// - Throws: An error of the ledger.
    public func record(_ outcomes: [SendOutcome]) async throws {
        self.tally.count(outcomes)
        try await self.ledger.record(outcomes)
    }

    /// Restricts sends to known devices and known numbers.
    ///
    /// The lockdown applies to all decisions that begin after this call has returned, in every process.
    ///
    /// - Parameters:
    ///   - region: The region; `nil` for the whole service.
    ///   - seconds: The duration. Values out of range are clamped to 1 second or 365 days.
    /// - Throws: An error of the ledger.
    public func lockDown(_ region: Region?, forSeconds seconds: Int) async throws {
        let longest = 365 * LedgerTime.secondsPerDay
        try await self.ledger.lockDown(self.scopes.table.lockable(region), for: min(max(seconds, 1), longest))
    }

    /// Ends a lockdown.
    ///
    /// - Parameter region: The region; `nil` for the whole service, whose lockdown is separate from those of regions.
    /// - Throws: An error of the ledger.
    public func endLockdown(_ region: Region?) async throws {
        try await self.ledger.lockDown(self.scopes.table.lockable(region), for: 0)
    }
}
