// SPDX-License-Identifier: Apache-2.0

public import SMSKit

/// Decides whether a service may send a message, by limits that apply to many numbers together.
///
/// The limits bound the damage of SMS pumping and of guessing one code for many numbers. They apply to the source, the number
/// block, the region, the tenant and the whole service. Each of them runs out of sends if its codes are not verified. The limits
/// of a single number are not part of this module.
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
    private let ledger: any SendLedger
    private let scopes: ScopeTable

    /// The policy.
    public var policy: GuardPolicy { self.scopes.policy }

    /// Creates a guard.
    ///
    /// - Parameters:
    ///   - policy: The rules, and the operator's budgets, prices and regions.
    ///   - ledger: The ledger, which all processes of a service share.
    ///   - hash: The keyed hash for the names of scopes in the ledger.
    /// - Throws: ``GuardConfigurationError`` with the name of the first invalid entry of the policy.
    public init(policy: GuardPolicy, ledger: any SendLedger, hash: ScopeHash) throws(GuardConfigurationError) {
        try policy.check()
        self.ledger = ledger
        self.scopes = ScopeTable(policy, hash)
    }

    /// Decides about a send, and counts it if it is allowed.
    ///
    /// - Parameter request: The message that the caller wants to send.
    /// - Returns: The decision with its reason.
    /// - Throws: An error of the ledger. The message must not be sent then.
    public func reserve(_ request: SendRequest) async throws -> GuardDecision {
        let claim = self.scopes.claim(for: request)
        return GuardDecision(try await self.ledger.reserve(claim), of: claim)
    }

    /// Undoes the count of a message that was definitely rejected.
    ///
    /// After a timeout the message may have been sent, so do not call this method then.
    ///
    /// - Parameter reservation: The reservation, which may be released only once.
    /// - Throws: An error of the ledger. The count may remain until it drains.
    public func release(_ reservation: GuardReservation) async throws {
        try await self.ledger.release(reservation)
    }

    /// Returns the outcome of a code for ``record(_:)``.
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
    /// A lost outcome makes the guard stricter, never looser. So a service can record outcomes in batches after its response to
    /// the user.
    ///
    /// - Parameter outcomes: The outcomes.
    /// - Throws: An error of the ledger.
    public func record(_ outcomes: [SendOutcome]) async throws {
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
        try await self.ledger.lockDown(self.scopes.lockable(region), for: min(max(seconds, 1), longest))
    }

    /// Ends a lockdown.
    ///
    /// - Parameter region: The region; `nil` for the whole service, whose lockdown is separate from those of regions.
    /// - Throws: An error of the ledger.
    public func endLockdown(_ region: Region?) async throws {
        try await self.ledger.lockDown(self.scopes.lockable(region), for: 0)
    }
}
