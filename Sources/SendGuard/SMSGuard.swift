// SPDX-License-Identifier: Apache-2.0

public import SMSKit

/// Decides whether a message may be sent at all, by limits that many numbers share.
///
/// It bounds the damage of SMS pumping and of guessing one code over many numbers: a source, a number block, a region, a tenant or
/// the service that sends codes which nobody verifies runs out of sends. The limits of one number belong to the service that sends.
///
/// ```swift
/// let decision = try await sendGuard.reserve(request)
/// guard let reservation = decision.reservation else { return refuse(decision) }
/// if case .rejected = await sms.send(message, timeout: .seconds(10)) {
///     try await sendGuard.release(reservation)
/// }
/// // later, after the code was verified:
/// try await sendGuard.record([sendGuard.outcome(.verified, of: request)])
/// ```
///
/// If a call throws, nothing may be sent.
public struct SMSGuard: Sendable {
    private let ledger: any SendLedger
    private let scopes: ScopeTable

    /// The policy.
    public var policy: GuardPolicy { self.scopes.policy }

    /// Creates a guard.
    ///
    /// - Parameters:
    ///   - policy: The rules and the operator's data.
    ///   - ledger: The counters; all processes of a service share one ledger.
    ///   - hash: The keyed hash that names scopes in the ledger.
    /// - Throws: ``GuardConfigurationError`` that names the first faulty entry of the policy.
    public init(policy: GuardPolicy, ledger: any SendLedger, hash: ScopeHash) throws(GuardConfigurationError) {
        try policy.check()
        self.ledger = ledger
        self.scopes = ScopeTable(policy, hash)
    }

    /// Decides about a send, and counts it if it is allowed.
    ///
    /// - Parameter request: The message that the caller wants to send.
    /// - Returns: The decision with its reason.
    /// - Throws: An error of the ledger; then nothing may be sent.
    public func reserve(_ request: SendRequest) async throws -> GuardDecision {
        let claim = self.scopes.claim(for: request)
        return GuardDecision(try await self.ledger.reserve(claim), of: claim)
    }

    /// Undoes the count of a message that was definitely rejected; never call it after a timeout.
    ///
    /// - Parameter reservation: The reservation; release it at most once.
    /// - Throws: An error of the ledger: the count then stays until it drains.
    public func release(_ reservation: GuardReservation) async throws {
        try await self.ledger.release(reservation)
    }

    /// Returns the outcome of a code, to record it alone or in a batch.
    ///
    /// - Parameters:
    ///   - kind: Whether the code was verified.
    ///   - request: A request with the number, tenant, purpose and source of the send.
    /// - Returns: The outcome.
    public func outcome(_ kind: SendOutcome.Kind, of request: SendRequest) -> SendOutcome {
        SendOutcome(self.scopes.claim(for: request), kind)
    }

    /// Records verified sends and failed attempts.
    ///
    /// Losing outcomes makes the guard stricter, never looser, so they can travel in batches behind a login.
    ///
    /// - Parameter outcomes: The outcomes.
    /// - Throws: An error of the ledger.
    public func record(_ outcomes: [SendOutcome]) async throws {
        try await self.ledger.record(outcomes)
    }

    /// Restricts sends to known devices and known numbers, from the next decision of any process on.
    ///
    /// - Parameters:
    ///   - region: The region; `nil` for the whole service.
    ///   - seconds: The duration, 1 second to 365 days.
    /// - Throws: An error of the ledger.
    public func lockDown(_ region: Region?, forSeconds seconds: Int) async throws {
        let longest = 365 * LedgerTime.secondsPerDay
        try await self.ledger.lockDown(self.scopes.lockable(region), for: min(max(seconds, 1), longest))
    }

    /// Ends a lockdown.
    ///
    /// - Parameter region: The region; `nil` for the whole service, whose regions keep lockdowns of their own.
    /// - Throws: An error of the ledger.
    public func endLockdown(_ region: Region?) async throws {
        try await self.ledger.lockDown(self.scopes.lockable(region), for: 0)
    }
}
