// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOHTTP1
import OTP
import OTPTesting
import SMSKit
import SendGuard

@testable import OTPServer

/// A running server with the operator routes, by default with its guard and audit stream in memory.
struct AdminServer: Sendable {
    /// A complete body for each operation.
    static let bodies: [AdminOperation: String] = [
        .guardStatus: "{}", .guardReport: "{}", .guardLockdown: #"{"state":"off"}"#,
        .guardSet: #"{"rule":"unverified-block","mode":"policy"}"#,
        .explainNumber: #"{"number":"\#(TestServer.number)"}"#,
        .explainDecision: #"{"decision":"gS8Vb3aPqTOy0cZ2mXk1Lw"}"#,
        .unlock: #"{"number":"\#(TestServer.number)"}"#, .revoke: #"{"number":"\#(TestServer.number)"}"#,
    ]

    let server: TestServer
    let audit: any AuditHistory

    /// Runs a server, and a closure that uses it.
    ///
    /// With an observer, the audit trail is that of `otp serve` with webhooks and without `OTP_AUDIT`.
    static func run(
        store: (any OTPStore & ProofStore)? = nil,
        ledger: (any SendLedger)? = InMemorySendLedger(),
        audit: any AuditHistory = InMemoryAuditHistory(),
        hasTrail: Bool = false,
        observer: (any AuditSink)? = nil,
        reports: DeliveryReportRoutes? = nil,
        keys: APIKeyRing? = nil,
        logger: Logger? = nil,
        policy change: (inout OTPPolicy) -> Void = { _ in },
        _ body: (AdminServer) async throws -> Void
    ) async throws {
        let sms = RecordingSMSClient()
        let keys = try keys ?? TestServer.key.ring
        let ring = try KeyRing(text: KeyRing.makeText())
        let policy = GuardPolicy(homeRegions: [.singapore], serviceBudget: .init(messages: 1_000))
        let gate = try ledger.map { SendGate(try SMSGuard(policy: policy, ledger: $0, hash: ring.scopeHash)) }
        let trail = observer.map { AuditTrail([$0]) } ?? (hasTrail ? AuditTrail([audit]) : nil)
        var otpPolicy = OTPPolicy(destinations: [.singapore])
        otpPolicy.limits.cooldown = [.seconds(1)]
        change(&otpPolicy)
        let otp = try OTPService(
            store: store ?? InMemoryOTPStore(),
            sms: sms,
            keys: ring,
            policy: otpPolicy,
            messages: MessageTemplates(brand: "Acme"),
            sendGuard: gate,
            audit: trail
        )
        let routes = OTPRoutes(otp: otp, keys: keys)
        let admin = AdminRoutes(
            live: LiveRoutes(routes),
            audit: audit,
            writesOperatorEvents: observer == nil ? nil : true
        )
        try await TestServer.run(routes, admin: admin, reports: reports, logger: logger) { port in
            try await body(AdminServer(server: TestServer(port: port, sms: sms), audit: audit))
            await gate?.flush()
            await trail?.flush()
        }
    }

    /// Sends a body to an operation.
    func post(
        _ operation: AdminOperation,
        _ body: String? = nil,
        key: String? = TestServer.key.admin.text
    ) async throws -> Reply {
        let authorization = key.map { [("authorization", "Bearer \($0)")] } ?? []
        let body = body ?? Self.bodies[operation] ?? "{}"
        return try await self.server.send(
            .POST,
            operation.path,
            authorization + [("content-type", "application/json")],
            body: Array(body.utf8)
        )
    }

    /// Returns the newest events with the name of an operator.
    func events() async throws -> [AuditEvent] {
        try await self.audit.newest(100) { $0[.operatorName] != nil }
    }
}
