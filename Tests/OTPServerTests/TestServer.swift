// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Crypto
import Foundation
import JSONOutput
import Logging
import LoopbackConnection
import NIOCore
import NIOHTTP1
import NIOPosix
import OTP
import OTPTesting
import SMSKit
import StrictJSON
import Testing

@testable import OTPServer

/// A response with its whole body.
struct Reply: Sendable {
    var status: Int
    var headers: HTTPHeaders
    var body: [UInt8]

    var json: JSON? { try? JSON(parsing: self.body, rules: .ownFormat) }

    /// The last part of the problem type.
    var problem: String? {
        guard self.headers.first(name: "content-type") == "application/problem+json" else { return nil }
        let prefix = "urn:swift-otp:problem:"
        guard let type = self.json?["type"]?.string, type.hasPrefix(prefix) else { return nil }
        return String(type.dropFirst(prefix.count))
    }

    /// The status and the problem, such as `410 expired`.
    var summary: String { "\(self.status) \(self.problem ?? "-")" }

    subscript(name: String) -> String? { self.json?[name]?.string }
}

/// A running server with a store in memory and a client that records messages.
struct TestServer: Sendable {
    static let number = "+6591234567"
    static let key = Keys()

    /// The texts of the API keys for each set of scopes.
    struct Keys: Sendable {
        let issue = Self.generate("issue", [.issue])
        let verify = Self.generate("verify", [.verify])
        let both = Self.generate("both", [.issue, .verify])
        let admin = Self.generate("admin", [.admin])
        let shop = Self.generate("shop", [.issue, .verify], tenant: "shop")

        var ring: APIKeyRing {
            get throws {
                let keys = [self.issue, self.verify, self.both, self.admin, self.shop]
                return try APIKeyRing(text: keys.map(\.key.entry).joined(separator: "\n"))
            }
        }

        static func generate(
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
    }

    let port: Int
    let sms: RecordingSMSClient

    /// The clock of the store in memory.
    ///
    /// The clock is advanced before each request, so that no test waits for a cooldown.
    var clock = ManualClock()

    var code: String? { self.sms.lastCode(to: PhoneNumber(e164: Self.number)!) }

    var url: String { "http://127.0.0.1:\(self.port)" }

    /// Runs a server with a service, and a closure that uses it.
    static func run(
        sms: RecordingSMSClient = RecordingSMSClient(),
        store: (any OTPStore & ProofStore)? = nil,
        sendGuard: SendGate? = nil,
        tenants: [String] = [],
        proxies: TrustedProxies = TrustedProxies(),
        idempotency: (any IdempotencyStore)? = InMemoryIdempotencyStore(),
        limits: ConnectionLimits = ConnectionLimits(),
        logger: Logger? = nil,
        keys ring: APIKeyRing? = nil,
        isReady: @escaping @Sendable () async -> Bool = { true },
        policy change: (inout OTPPolicy) -> Void = { _ in },
        _ body: (TestServer) async throws -> Void
    ) async throws {
        var policy = OTPPolicy(destinations: [.singapore])
        policy.limits.cooldown = [.seconds(1)]
        policy.limits.sends = [WindowLimit(5, per: .seconds(3600)), WindowLimit(10, per: .seconds(86_400))]
        change(&policy)
        let keys = try KeyRing(text: KeyRing.makeText())
        let clock = ManualClock()
        let store = store ?? InMemoryOTPStore(clock: clock)
        func service(_ tenant: String) throws -> OTPService {
            try OTPService(
                store: store,
                sms: sms,
                keys: keys,
                policy: policy,
                messages: MessageTemplates(brand: "Acme"),
                tenant: tenant,
                sendGuard: sendGuard
            )
        }
        var routes = OTPRoutes(
            otp: try service("default"),
            tenants: Dictionary(uniqueKeysWithValues: try tenants.map { ($0, try service($0)) }),
            keys: try ring ?? Self.key.ring,
            proxies: proxies,
            idempotency: idempotency
        )
        // The window of the limit must not end during a test on a slow machine.
        routes.wrongKeys = WrongKeyLimit(now: { 0 })
        try await Self.run(routes, limits: limits, logger: logger, isReady: isReady) {
            try await body(TestServer(port: $0, sms: sms, clock: clock))
        }
    }

    /// Runs a server with routes, and a closure that uses it.
    static func run(
        _ routes: OTPRoutes,
        admin: AdminRoutes? = nil,
        reports: DeliveryReportRoutes? = nil,
        limits: ConnectionLimits = ConnectionLimits(),
        logger: Logger? = nil,
        isReady: @escaping @Sendable () async -> Bool = { true },
        _ body: (Int) async throws -> Void
    ) async throws {
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        let server = OTPHTTPService(
            routes: routes,
            admin: admin,
            reports: reports,
            port: 0,
            limits: limits,
            logger: logger ?? Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            isReady: isReady,
            onServerRunning: { continuation.yield($0) }
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { continuation.finish() }
                try await server.run()
            }
            defer { group.cancelAll() }
            let port = try #require(await ports.first { _ in true })
            try await body(port)
        }
    }

    /// Sends a request.
    func send(
        _ method: HTTPMethod,
        _ path: String,
        _ headers: [(String, String)] = [],
        body: [UInt8] = []
    ) async throws -> Reply {
        self.clock.advance(by: .seconds(2))
        var request = HTTPClientRequest(url: self.url + path)
        request.method = method
        request.headers = HTTPHeaders(headers)
        if !body.isEmpty || method == .POST { request.body = .bytes(body) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        let content = try await response.body.collect(upTo: 1 << 20)
        return Reply(
            status: Int(response.status.code),
            headers: response.headers,
            body: Array(content.readableBytesView)
        )
    }

    /// Sends a JSON body to an operation.
    func post(
        _ operation: String,
        _ body: String,
        key: String? = Self.key.both.text,
        _ headers: [(String, String)] = []
    ) async throws -> Reply {
        let path = "/v1/verifications" + (operation == "issue" ? "" : "/\(operation)")
        let authorization = key.map { [("authorization", "Bearer \($0)")] } ?? []
        let type = headers.contains { $0.0 == "content-type" } ? [] : [("content-type", "application/json")]
        return try await self.send(.POST, path, authorization + type + headers, body: Array(body.utf8))
    }

    /// Issues a code, and returns the token.
    func issue(purpose: String = "sign-in", _ more: String = "") async throws -> String {
        let reply = try await self.post("issue", #"{"number":"\#(Self.number)","purpose":"\#(purpose)"\#(more)}"#)
        try #require(reply.status == 201, "\(reply.summary)")
        return try #require(reply["token"])
    }

    /// Checks a code.
    func check(_ code: String, _ token: String, purpose: String = "sign-in", number: String = Self.number) async throws
        -> Reply
    {
        try await self.post(
            "check",
            #"{"number":"\#(number)","purpose":"\#(purpose)","token":"\#(token)","code":"\#(code)"}"#
        )
    }

    /// Writes a text to a new connection, and returns all bytes until the server closes the connection.
    func exchange(_ text: String) async throws -> String {
        try await LoopbackConnection.exchange(text, port: self.port)
    }
}

/// Returns a wrong code, which differs from a code in the last digit.
func wrong(_ code: String) -> String { code.dropLast() + (code.hasSuffix("0") ? "1" : "0") }

extension OTPService {
    /// Creates a service with a store in memory and new keys.
    static func inMemory(sms: any SMSClient) throws -> OTPService {
        try OTPService(
            store: InMemoryOTPStore(),
            sms: sms,
            keys: KeyRing(text: KeyRing.makeText()),
            policy: OTPPolicy(destinations: [.singapore]),
            messages: MessageTemplates(brand: "Acme")
        )
    }
}
