// SPDX-License-Identifier: Apache-2.0

import Foundation
package import Logging
import OTP
package import OperatorReports
package import SMSKit
package import SendGuard

/// The actions that an operator can perform with an API key, over HTTP or on the admin page.
///
/// Before each change to the guard, an audit event is written.
package struct OperatorActions: Sendable {
    private let otp: OTPService
    private let audit: any AuditHistory
    private let writesOperatorEvents: Bool

    /// Creates the actions on a service.
    ///
    /// - Parameters:
    ///   - otp: The service.
    ///   - audit: The stream of audit events, which all processes of the service share.
    ///   - writesOperatorEvents: Whether ``unlock(_:by:log:)`` and ``revokeDevices(of:by:log:)`` write audit events to the
    ///     stream. With `nil`, they write these events only for a service without an audit trail. A service with an audit trail
    ///     records these events itself.
    init(_ otp: OTPService, audit: any AuditHistory, writesOperatorEvents: Bool? = nil) {
        self.otp = otp
        self.audit = audit
        self.writesOperatorEvents = writesOperatorEvents ?? !otp.hasAuditTrail
    }

    /// Whether the service has a guard.
    package var hasGuard: Bool { self.otp.smsGuard != nil }

    /// The policy of the guard; `nil` if the service has no guard.
    ///
    /// The policy includes the modes of rules that operators have changed. These modes come from the last read of the ledger,
    /// the store that all processes share for the guard.
    package var policy: GuardPolicy? { self.otp.smsGuard?.policy }

    // MARK: Reading

    /// Returns the state of the guard.
    package func status(
        tenants: [String] = [],
        purposes: [String] = [],
        log logger: Logger
    ) async throws(HTTPProblem) -> GuardStatusReport {
        let sendGuard = try self.sendGuard
        return try await Self.reachable(logger) {
            GuardStatusReport(try await sendGuard.status(tenants: tenants, purposes: purposes))
        }
    }

    /// Returns the reports of the last days, from the oldest day to today.
    ///
    /// Each `day` is the number of days since 1 January 1970 in UTC.
    package func reports(
        ofLastDays days: Int,
        log logger: Logger
    ) async throws(HTTPProblem) -> [(day: Int, report: ReportDay)] {
        let sendGuard = try self.sendGuard
        return try await Self.reachable(logger) { try await sendGuard.reports(ofLastDays: days) }
    }

    /// Returns the limits of the phone number in a request, and the guard rules that apply to the request.
    package func explain(_ request: SendRequest, log logger: Logger) async throws(HTTPProblem) -> ExplainReport {
        let limits: NumberLimits?
        do {
            limits = try await self.otp.limits(of: request.number)
        } catch {
            throw HTTPProblem(error)
        }
        let rules = try await Self.reachable(logger) { try await self.otp.smsGuard?.explain(request) }
        return ExplainReport(request.number, limits, hasDeviceLane: self.otp.hasDeviceLane, rules)
    }

    /// Returns the audit events of a guard decision, with the oldest event first.
    package func events(of id: DecisionID, log logger: Logger) async throws(HTTPProblem) -> [EventReport] {
        let events = try await Self.reachable(logger) { try await EventReport.events(of: id, in: self.audit) }
        guard !events.isEmpty else { throw HTTPProblem(.unknownDecision) }
        return events
    }

    // MARK: Changing

    /// Starts or ends a lockdown.
    package func apply(
        _ change: LockdownChange,
        by key: APIKey,
        log logger: Logger
    ) async throws(HTTPProblem) -> LockdownReport {
        let sendGuard = try self.sendGuard
        return try await Self.reachable(logger) {
            try await self.audit.record([change.event(by: Self.name(of: key))])
            return try await sendGuard.apply(change)
        }
    }

    /// Sets the mode of a rule.
    package func apply(
        _ change: ModeChange,
        by key: APIKey,
        log logger: Logger
    ) async throws(HTTPProblem) -> ModeReport {
        let sendGuard = try self.sendGuard
        guard sendGuard.configuredPolicy[change.rule] != nil else { throw HTTPProblem(.unknownRule) }
        return try await Self.reachable(logger) {
            try await self.audit.record([change.event(in: sendGuard.configuredPolicy, by: Self.name(of: key))])
            return try await sendGuard.apply(change)
        }
    }

    /// Deletes the failed attempts of a phone number, which unlocks the number.
    package func unlock(_ number: PhoneNumber, by key: APIKey, log logger: Logger) async throws(HTTPProblem) {
        try await self.record(AuditEvent(.unlock, at: Date()), number, by: key, log: logger)
        do {
            try await self.otp.unlock(for: number, by: Self.name(of: key))
        } catch {
            throw HTTPProblem(error)
        }
    }

    /// Revokes all device tokens of a phone number.
    package func revokeDevices(of number: PhoneNumber, by key: APIKey, log logger: Logger) async throws(HTTPProblem) {
        try await self.record(AuditEvent(.revoke, at: Date(), [.reason: "devices"]), number, by: key, log: logger)
        do {
            try await self.otp.revokeDevices(of: number, by: Self.name(of: key))
        } catch {
            throw HTTPProblem(error)
        }
    }

    /// Writes the audit event of an action on a phone number, unless the service writes the event.
    private func record(
        _ event: AuditEvent,
        _ number: PhoneNumber,
        by key: APIKey,
        log logger: Logger
    ) async throws(HTTPProblem) {
        guard self.writesOperatorEvents else { return }
        var event = event
        event.set(number: number)
        event[.operatorName] = Self.name(of: key)
        try await Self.reachable(logger) { [event] in try await self.audit.record([event]) }
    }

    /// Returns the operator's name for audit events.
    ///
    /// The colon in the name prevents a collision with the name of a system user.
    private static func name(of key: APIKey) -> String { "api-key:\(key.id)" }

    private var sendGuard: SMSGuard {
        get throws(HTTPProblem) {
            guard let sendGuard = self.otp.smsGuard else { throw HTTPProblem(.noGuard) }
            return sendGuard
        }
    }

    /// Runs a step that uses the guard's store (the ledger) or the audit stream, and converts an error to the problem
    /// `unavailable`.
    private static func reachable<Result>(
        _ logger: Logger,
        _ step: () async throws -> Result
    ) async throws(HTTPProblem) -> Result {
        do {
            return try await step()
        } catch {
            logger.warning("Operator's request failed", metadata: ["error.type": "\(type(of: error))"])
            throw HTTPProblem(.unavailable)
        }
    }
}
