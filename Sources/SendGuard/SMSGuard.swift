// SPDX-License-Identifier: Apache-2.0

public import SMSKit

/// Decides whether a service may send a message, based on limits for groups of phone numbers and clients.
///
/// The guard limits the damage of two attacks. In SMS pumping, fraudsters make a service send many messages. In the second
/// attack, attackers try the same code for many phone numbers. There are limits for each client address, network, block of
/// phone numbers, region, tenant and purpose, and for the whole service. For example, the guard refuses sends to a region if
/// too many recent codes to the region were not verified. This module contains no limits for single phone numbers.
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
/// If ``reserve(_:)`` throws an error, the message must not be sent.
public struct SMSGuard: Sendable {
    let ledger: any SendLedger
    let scopes: CurrentScopes
    let tally: ReportTally
    private let names = DecisionNames()

    /// The policy, with the rule modes that operators have set at run time.
    ///
    /// The run-time modes come from the ledger's latest reply.
    public var policy: GuardPolicy { self.scopes.table.policy }

    /// The policy, without the rule modes that operators have set at run time.
    public var configuredPolicy: GuardPolicy { self.scopes.policy }

    /// Creates a guard.
    ///
    /// - Parameters:
    ///   - policy: The rules, and the operator's budgets, prices and regions.
    ///   - ledger: The ledger that all processes of a service share.
    ///   - hash: The keyed hash for the names of scopes (``GuardScope``) in the ledger.
    ///   - reportInterval: The maximum time until a decision is counted in the daily report (``ReportDay``); `nil` for no
    ///     report. If the process ends without ``flushReport()``, the counts of the last interval are lost.
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

    /// Decides whether a message may be sent, and counts an allowed send.
    ///
    /// - Parameter request: The message that the caller wants to send.
    /// - Returns: The decision with its reason.
    /// - Throws: An error of the ledger. After an error, the message must not be sent.
    public func reserve(_ request: SendRequest) async throws -> GuardDecision {
        let claim = self.scopes.table.claim(for: request)
        let reply = try await self.ledger.reserve(claim)
        if let modes = reply.modes { self.scopes.apply(modes) }
        let decision = GuardDecision(reply, of: claim, id: self.names.next())
        self.tally.count(decision, of: claim)
        return decision
    }

    /// Undoes the count of a message that was definitely rejected.
    ///
    /// Do not call this method after a timeout, because the message may have been sent.
    ///
    /// - Parameter reservation: The reservation, which may be released only once.
    /// - Throws: An error of the ledger. After an error, the send may remain counted.
    public func release(_ reservation: GuardReservation) async throws {
        self.tally.countRelease(of: reservation.claim)
        try await self.ledger.release(reservation)
    }

    /// Creates an outcome: a verified send or a failed attempt.
    ///
    /// Pass the outcome to ``record(_:)``, so that the ledger counts it.
    ///
    /// - Parameters:
    ///   - kind: The kind of the outcome.
    ///   - request: A request with the phone number, tenant, purpose and source of the send.
    /// - Returns: The outcome.
    public func outcome(_ kind: SendOutcome.Kind, of request: SendRequest) -> SendOutcome {
        SendOutcome(self.scopes.table.claim(for: request), kind)
    }

    /// Converts counts of verified sends and failed attempts into outcomes for ``record(_:)``.
    ///
    /// Each ``OutcomeSubject`` contains the properties that the counted requests share, such as the region and the client
    /// network.
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
    /// A service can record outcomes in batches. If a verified send is not recorded, the guard becomes stricter, because the
    /// send still counts as unverified. If a failed attempt is not recorded, the rules with the measure
    /// ``GuardMeasure/failures`` become less strict.
    ///
    /// - Parameter outcomes: The outcomes.
    /// - Throws: An error of the ledger.
    public func record(_ outcomes: [SendOutcome]) async throws {
        self.tally.count(outcomes)
        try await self.ledger.record(outcomes)
    }

    /// Starts a lockdown, during which messages are sent only to known devices and known numbers (``SendSignals``).
    ///
    /// The lockdown applies to all decisions that begin after this call has returned, in every process.
    ///
    /// - Parameters:
    ///   - region: The region; `nil` for the whole service.
    ///   - seconds: The duration in seconds, which is clamped to the range from 1 second to 365 days.
    /// - Throws: An error of the ledger.
    public func lockDown(_ region: Region?, forSeconds seconds: Int) async throws {
        let longest = 365 * LedgerTime.secondsPerDay
        try await self.ledger.lockDown(self.scopes.table.lockable(region), for: min(max(seconds, 1), longest))
    }

    /// Ends a lockdown.
    ///
    /// - Parameter region: The region; `nil` for the lockdown of the whole service, which is separate from lockdowns of
    ///   regions.
    /// - Throws: An error of the ledger.
    public func endLockdown(_ region: Region?) async throws {
        try await self.ledger.lockDown(self.scopes.table.lockable(region), for: 0)
    }
}
