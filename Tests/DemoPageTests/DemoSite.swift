// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import OTP
import OTPServer
import OTPTesting
import SMSKit
import SendGuard
import Testing

@testable import DemoPage

/// A running server with the demo page, a store in memory, and a client that records messages.
struct DemoSite: Sendable {
    static let number = PhoneNumber(e164: "+6591234567")!

    let port: Int
    let sms: RecordingSMSClient
    let clock: ManualClock

    var url: String { "http://127.0.0.1:\(self.port)" }

    /// Returns the code in the newest message to a number.
    func code(_ number: PhoneNumber = Self.number) throws -> String {
        try #require(self.sms.lastCode(to: number))
    }

    /// Returns a code that differs from the newest code.
    func wrongCode(_ number: PhoneNumber = Self.number) throws -> String {
        let code = try self.code(number)
        return String(code.dropLast()) + (code.hasSuffix("0") ? "1" : "0")
    }

    /// Returns a visitor who has entered a number and sees the form for the code.
    func visitorWithCode(_ number: String = "9123 4567") async throws -> Visitor {
        var visitor = try await self.visitor()
        try await visitor.submit("number", ["region": "SG", "number": number])
        return visitor
    }

    /// Returns a visitor who has registered a number.
    func registeredVisitor() async throws -> Visitor {
        var visitor = try await self.visitorWithCode()
        try await visitor.submit("code", ["code": try self.code()])
        try #require(visitor.page.contains("Your account is ready"))
        return visitor
    }

    /// Returns a new visitor who has opened the page.
    func visitor(accepting language: String = "en-SG") async throws -> Visitor {
        var visitor = Visitor(url: self.url, language: language)
        try await visitor.open()
        return visitor
    }

    /// Runs a server with the demo page, and a closure that uses it.
    static func run(
        sms: RecordingSMSClient = RecordingSMSClient(),
        store: (any OTPStore & ProofStore)? = nil,
        guarded rules: ((inout GuardPolicy) -> Void)? = nil,
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        policy change: (inout OTPPolicy) -> Void = { _ in },
        _ body: (DemoSite) async throws -> Void
    ) async throws {
        var policy = OTPPolicy(destinations: Set(Region.all))
        change(&policy)
        let (clock, start) = (ManualClock(), Date())
        let origin = clock.now
        let keys = try KeyRing(text: KeyRing.makeText())
        let check = DemoHumanCheck()
        let gate = try rules.map { try Self.gate($0, check, keys) }
        let otp = try OTPService(
            store: store ?? InMemoryOTPStore(clock: clock, start: start),
            sms: sms,
            keys: keys,
            policy: policy,
            messages: MessageTemplates(brand: "Acme"),
            sendGuard: gate
        )
        let demo = DemoRoutes(
            otp: otp,
            sms: sms,
            humanCheck: check,
            inbox: DemoInbox(recording: sms),
            logger: logger,
            now: { start + Double((clock.now.offset - origin.offset).components.seconds) }
        )
        try await Self.serve(otp, demo, logger) { port in
            try await body(DemoSite(port: port, sms: sms, clock: clock))
        }
    }

    private static func gate(
        _ rules: (inout GuardPolicy) -> Void,
        _ check: DemoHumanCheck,
        _ keys: KeyRing
    ) throws -> SendGate {
        var policy = GuardPolicy(homeRegions: [.singapore], serviceBudget: .init(messages: 1000))
        policy.hasHumanCheck = true
        rules(&policy)
        let hash = keys.scopeHash
        return SendGate(
            try SMSGuard(policy: policy, ledger: InMemorySendLedger(), hash: hash),
            humanCheck: HumanCheckVerifier(check, hash: hash)
        )
    }

    private static func serve(
        _ otp: OTPService,
        _ demo: DemoRoutes,
        _ logger: Logger,
        _ body: (Int) async throws -> Void
    ) async throws {
        let key = try APIKey.generate(id: "test", scopes: [.issue]).key
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        var server = OTPHTTPService(
            routes: OTPRoutes(otp: otp, keys: try APIKeyRing(text: key.entry)),
            port: 0,
            logger: logger,
            isReady: { true },
            onServerRunning: { continuation.yield($0) }
        )
        server.addRoutes = { demo.add(to: $0) }
        try await withThrowingTaskGroup(of: Void.self) { [server] group in
            group.addTask {
                defer { continuation.finish() }
                try await server.run()
            }
            defer { group.cancelAll() }
            try await body(try #require(await ports.first { _ in true }))
        }
    }
}

extension DemoInbox {
    /// Creates an inbox with the messages of a recording client.
    init(recording sms: RecordingSMSClient) {
        self.init(
            newest: {
                let messages = sms.messages.reversed()
                    .map {
                        DemoMessage(recipient: $0.recipient.e164, text: $0.text, code: sms.lastCode(to: $0.recipient))
                    }
                return (messages, "\(messages.count)")
            },
            wait: { _, _ in }
        )
    }
}
