// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import OTP
import OTPTesting
import SMSKit
import SendGuard
import Testing

@testable import AdminPage
@testable import OTPServer

/// A running admin page, with its guard and audit stream in memory.
struct AdminSite: Sendable {
    static let number = "+6591234567"
    static let key = Self.key("alice", [.admin])
    static let other = Self.key("web", [.issue, .verify])
    static let limited = Self.key("limited", [.admin], tenant: "default")

    static func key(
        _ id: String,
        _ scopes: Set<APIScope>,
        tenant: String? = nil
    ) -> (key: APIKey, text: String) {
        do {
            return try APIKey.generate(id: id, scopes: scopes, tenant: tenant)
        } catch {
            preconditionFailure("\(error)")
        }
    }

    let url: String
    let keys: APIKeyRing
    let otp: OTPService
    let sendGuard: SMSGuard
    let audit: InMemoryAuditHistory
    let recent: RecentActivity
    let clock: ManualClock
    let sms: RecordingSMSClient

    /// Runs a page, and a closure that uses it.
    static func run(
        ledger: any SendLedger = InMemorySendLedger(),
        hasGuard: Bool = true,
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        policy change: (inout GuardPolicy) -> Void = { _ in },
        _ body: (AdminSite) async throws -> Void
    ) async throws {
        var policy = GuardPolicy(homeRegions: [.singapore], serviceBudget: .init(messages: 1_000))
        change(&policy)
        let ring = try KeyRing(text: KeyRing.makeText())
        let sendGuard = try SMSGuard(policy: policy, ledger: ledger, hash: ring.scopeHash)
        let (sms, audit, clock) = (RecordingSMSClient(), InMemoryAuditHistory(), ManualClock())
        let otp = try OTPService(
            store: InMemoryOTPStore(),
            sms: sms,
            keys: ring,
            policy: OTPPolicy(destinations: [.singapore]),
            messages: MessageTemplates(brand: "Acme"),
            sendGuard: hasGuard ? SendGate(sendGuard) : nil
        )
        let keys = try APIKeyRing(text: [Self.key, Self.other, Self.limited].map(\.key.entry).joined(separator: ","))
        var routes = OTPRoutes(otp: otp, keys: keys)
        // The window of the limit must not end during a test on a slow machine.
        routes.wrongKeys = WrongKeyLimit(now: { 0 })
        let admin = AdminRoutes(routes, audit: audit)
        let recent = RecentActivity(admin, logger: logger)
        let now = { @Sendable in Date(timeIntervalSince1970: Double(clock.now.offset.components.seconds)) }
        let page = AdminPageRoutes(admin, recent: recent, now: now)
        try await Self.serve(page, logger) { url in
            try await body(
                AdminSite(
                    url: url,
                    keys: keys,
                    otp: otp,
                    sendGuard: sendGuard,
                    audit: audit,
                    recent: recent,
                    clock: clock,
                    sms: sms
                )
            )
        }
    }

    private static func serve(
        _ page: AdminPageRoutes,
        _ logger: Logger,
        _ body: (String) async throws -> Void
    ) async throws {
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        var service = MetricsHTTPService(
            host: "127.0.0.1",
            port: 0,
            mediaType: "text/plain",
            logger: logger,
            text: { "" },
            onServerRunning: { continuation.yield($0) }
        )
        service.addRoutes = { page.add(to: $0) }
        try await withThrowingTaskGroup(of: Void.self) { [service] group in
            group.addTask {
                defer { continuation.finish() }
                try await service.run()
            }
            defer { group.cancelAll() }
            try await body("http://127.0.0.1:\(try #require(await ports.first { _ in true }))")
        }
    }

    /// Returns an operator who has signed in.
    func operatorWithSession() async throws -> Visitor {
        var visitor = Visitor(url: self.url)
        try #require(try await visitor.submit("sign-in", ["key": Self.key.text]).status == 303)
        return visitor
    }

    /// Adds sends, verifications and refusals to the report of the guard.
    func send(_ count: Int, verified: Int = 0) async throws {
        for number in 0..<count {
            let request = SendRequest(
                number: try PhoneNumber("+6591230\(100 + number)"),
                tenant: "default",
                purpose: "sign-in",
                source: SourceAddress("10.0.\(number).1")
            )
            _ = try await self.sendGuard.reserve(request)
            if number < verified {
                try await self.sendGuard.record([self.sendGuard.outcome(.verified, of: request)])
            }
        }
        await self.sendGuard.flushReport()
    }
}

/// A browser that stores the cookie, and does not follow redirects.
struct Visitor: Sendable {
    /// A response with its whole body.
    struct Reply: Sendable {
        var status: Int
        var headers: HTTPHeaders
        var text: String

        /// The ID of the look-up in the forms of the page.
        var lookUp: String? { self.text.firstMatch(of: /name="look-up" value="([^"]+)"/).map { String($0.1) } }
    }

    let url: String
    var cookie: String?

    init(url: String) { self.url = url }

    /// Opens a page.
    mutating func open(_ path: String = "/admin") async throws -> Reply {
        try await self.send(.GET, path, [], nil)
    }

    /// Submits a form like a browser.
    mutating func submit(
        _ action: String,
        _ fields: [String: String] = [:],
        origin: String?? = .none
    ) async throws -> Reply {
        let origin = origin ?? self.url
        let body = fields.map { "\(Self.encode($0.key))=\(Self.encode($0.value))" }.joined(separator: "&")
        let type = [("content-type", "application/x-www-form-urlencoded")]
        return try await self.send(.POST, "/admin/\(action)", type + (origin.map { [("origin", $0)] } ?? []), body)
    }

    /// Looks up a subject, and opens its page.
    mutating func lookUp(_ subject: String) async throws -> Reply {
        try #require(try await self.submit("look-up", ["subject": subject]).status == 303)
        return try await self.open("/admin/look-up")
    }

    private mutating func send(
        _ method: HTTPMethod,
        _ path: String,
        _ headers: [(String, String)],
        _ body: String?
    ) async throws -> Reply {
        var request = HTTPClientRequest(url: self.url + path)
        request.method = method
        request.headers = HTTPHeaders(headers)
        if let cookie = self.cookie { request.headers.add(name: "cookie", value: cookie) }
        if let body { request.body = .bytes(Array(body.utf8)) }
        let response = try await Self.client.execute(request, timeout: .seconds(60))
        if let cookie = response.headers.first(name: "set-cookie")?.split(separator: ";").first {
            self.cookie = String(cookie)
        }
        let text = String(buffer: try await response.body.collect(upTo: 1 << 20))
        return Reply(status: Int(response.status.code), headers: response.headers, text: text)
    }

    private static func encode(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }

    private static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()
}
