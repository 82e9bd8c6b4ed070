// SPDX-License-Identifier: Apache-2.0

import Foundation
import Hummingbird
import JSONOutput
import Logging
import OTP
import OperatorReports
import SMSKit
import SendGuard

/// One request to a route of ``AdminRoutes``.
struct AdminCall {
    /// The body of the response to a request for `explain-decision`.
    private struct Decision: Encodable {
        var events: [EventReport]
    }

    let keyed: KeyedRequest
    let operation: AdminOperation
    let actions: OperatorActions

    private var logger: Logger { self.keyed.logger }

    /// Checks the request, performs the operation, and returns its result.
    func response() async throws -> Response {
        let key = try self.keyed.authorize([.admin])
        // The guard and the records of phone numbers belong to all tenants.
        guard key.tenant == nil else { throw HTTPProblem(.forbidden) }
        guard self.actions.hasGuard || !self.operation.needsGuard else { throw HTTPProblem(.noGuard) }
        try self.keyed.checkHeaders()
        let body = try await self.keyed.body().readableBytesView
        return try await self.perform(AdminFields(body, for: self.operation), by: key)
    }

    private func perform(_ fields: AdminFields, by key: APIKey) async throws -> Response {
        switch self.operation {
        case .guardStatus:
            let (tenants, purposes) = (try fields.names(.tenants), try fields.names(.purposes))
            return try self.json(
                await self.actions.status(tenants: tenants, purposes: purposes, log: self.logger)
            )
        case .guardReport: return try self.json(await self.report(fields))
        case .guardLockdown:
            return try self.json(await self.actions.apply(fields.lockdown(), by: key, log: self.logger))
        case .guardSet: return try self.json(await self.actions.apply(fields.mode(), by: key, log: self.logger))
        case .explainNumber: return try self.json(await self.explain(fields))
        case .explainDecision:
            let events = try await self.actions.events(of: fields.decision(), log: self.logger)
            return try self.json(Decision(events: events))
        case .unlock:
            try await self.actions.unlock(fields.number(self.keyed.routes.plan), by: key, log: self.logger)
            return .noContent
        case .revoke:
            try await self.actions.revokeDevices(of: fields.number(self.keyed.routes.plan), by: key, log: self.logger)
            return .noContent
        }
    }

    private func report(_ fields: AdminFields) async throws(HTTPProblem) -> GuardReport {
        let days = try fields.int(.days, in: AdminFields.days, default: 1)
        let blocks = try fields.int(.blocks, in: AdminFields.blocks, default: 20)
        return GuardReport(try await self.actions.reports(ofLastDays: days, log: self.logger), mostBlocks: blocks)
    }

    private func explain(_ fields: AdminFields) async throws(HTTPProblem) -> ExplainReport {
        let request = SendRequest(
            number: try fields.number(self.keyed.routes.plan),
            tenant: try fields.string(.tenant) ?? OTPRoutes.defaultTenant,
            purpose: try fields.string(.purpose) ?? OTPPurpose.registration.rawValue,
            source: try fields.address()
        )
        return try await self.actions.explain(request, log: self.logger)
    }

    private func json(_ value: some Encodable) throws -> Response {
        Response(
            self.operation.success,
            bytes: Array(try JSONEncoder.compact.encode(value)),
            mediaType: "application/json"
        )
    }
}
