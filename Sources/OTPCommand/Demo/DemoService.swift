// SPDX-License-Identifier: Apache-2.0

import AdminPage
import AlibabaSMS
import AlibabaSMSEmulator
import DemoPage
import Hiredis
import Logging
import OTP
import OTPEnvironment
import OTPRedis
import OTPServer
import SMSKit
import SendGuard
import ServiceLifecycle

/// The HTTP service of a demo, which also serves the registration page.
struct DemoService: Sendable {
    /// The URL of the service.
    let url: String

    /// The API keys of the service.
    let keys: DemoKeys

    /// The URL of the registration page.
    var pageURL: String { "\(self.url)/demo" }

    /// The URL of the admin page.
    var adminURL: String { "\(self.url)/admin" }

    /// The environment variables for clients of the service, with secret values.
    var variables: [(name: String, value: String)] {
        [("OTP_SERVICE_URL", self.url), ("OTP_API_KEY", self.keys.client), ("OTP_ADMIN_KEY", self.keys.admin)]
    }

    /// Starts the service, runs a closure, and stops the service.
    ///
    /// - Parameters:
    ///   - world: The store, the gateway emulator and the keys of the demo.
    ///   - port: The port of the service on 127.0.0.1; 0 selects a free port.
    ///   - body: The closure to run.
    /// - Throws: The error of the closure, or an error if the service cannot be started.
    static func run(_ world: DemoWorld, port: Int, _ body: (DemoService) async throws -> Void) async throws {
        guard (0...65_535).contains(port) else { throw CommandFailure.usage("--service-port must be 0 to 65535") }
        let parts = try Parts(world)
        let result = await asyncResult {
            switch world.store {
            case .redis:
                let client = RedisClient(configuration: try world.settings.redis)
                let store = RedisOTPStore(client: client)
                let result = await asyncResult {
                    try await parts.serve(
                        store,
                        ledger: RedisSendLedger(client: client),
                        idempotency: RedisIdempotencyStore(sharing: store),
                        audit: RedisAuditStream(client: client),
                        isReady: { (try? await store.ping()) != nil },
                        port: port,
                        body
                    )
                }
                await client.shutdown()
                try result.get()
            case .memory:
                try await parts.serve(
                    InMemoryOTPStore(),
                    ledger: InMemorySendLedger(),
                    idempotency: InMemoryIdempotencyStore(),
                    audit: InMemoryAuditHistory(),
                    isReady: { true },
                    port: port,
                    body
                )
            }
        }
        try await parts.sms.shutdown()
        try result.get()
    }

    /// The parts of the service that do not depend on the kind of store.
    private struct Parts {
        let sms: AlibabaSMSClient
        private let world: DemoWorld
        private let keys: KeyRing
        private let policy: OTPPolicy
        private let messages: MessageTemplates
        private let guardPolicy: GuardPolicy?

        init(_ world: DemoWorld) throws {
            let settings = world.settings
            self.world = world
            self.keys = try settings.keys
            self.policy = try settings.policy()
            self.messages = try settings.messages(for: self.policy)
            self.guardPolicy = try settings.guardPolicy(destinations: self.policy.destinations)
            self.sms = try settings.smsClient()
        }

        /// Runs the HTTP server with a store until a closure returns.
        func serve(
            _ store: some OTPStore & ProofStore,
            ledger: some SendLedger,
            idempotency: some IdempotencyStore,
            audit: some AuditHistory,
            isReady: @escaping @Sendable () async -> Bool,
            port: Int,
            _ body: (DemoService) async throws -> Void
        ) async throws {
            let check = DemoHumanCheck()
            let gate = try self.guardPolicy.map { try self.gate($0, ledger, check) }
            let trail = AuditTrail([audit])
            let otp = try OTPService(
                store: store,
                sms: self.sms,
                keys: self.keys,
                policy: self.policy,
                messages: self.messages,
                sendGuard: gate,
                audit: trail
            )
            let keys = try DemoKeys()
            let routes = OTPRoutes(otp: otp, keys: keys.ring, idempotency: idempotency)
            let logger = Logger(label: "otp.server")
            let admin = DemoOperator(routes, audit: audit, logger: logger)
            let page = DemoRoutes(otp: otp, sms: self.sms, humanCheck: check, inbox: self.inbox, logger: logger)
            let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
            var server = OTPHTTPService(
                routes: routes,
                admin: admin.routes,
                port: port,
                logger: logger,
                isReady: isReady,
                onServerRunning: { continuation.yield($0) }
            )
            server.addRoutes = { router in
                page.add(to: router)
                admin.page.add(to: router)
            }
            let result = await asyncResult { [server] in
                try await Self.run(server, admin.recent, ports, continuation, logger) {
                    try await body(DemoService(url: "http://127.0.0.1:\($0)", keys: keys))
                }
            }
            await FinalDelivery.complete([
                FinalDelivery(name: "audit events") { await trail.flush() },
                FinalDelivery(name: "reports to the guard") { await gate?.flush() },
            ])
            try result.get()
        }

        private static func run(
            _ server: OTPHTTPService,
            _ recent: RecentActivity,
            _ ports: AsyncStream<Int>,
            _ continuation: AsyncStream<Int>.Continuation,
            _ logger: Logger,
            _ body: (Int) async throws -> Void
        ) async throws {
            var configuration = ServiceGroupConfiguration(services: [recent, server], logger: logger)
            configuration.maximumGracefulShutdownDuration = .seconds(5)
            let services = ServiceGroup(configuration: configuration)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    defer { continuation.finish() }
                    try await services.run()
                }
                guard let port = await ports.first(where: { _ in true }) else {
                    do {
                        try await group.waitForAll()
                    } catch {
                        let message = "the service cannot listen on 127.0.0.1:\(server.port): \(reason(error))"
                        throw CommandFailure(.error, "port", message)
                    }
                    throw CancellationError()
                }
                let result = await asyncResult { try await body(port) }
                await services.triggerGracefulShutdown()
                try await group.waitForAll()
                try result.get()
            }
        }

        /// Creates the gate through which the service asks the guard before each message.
        ///
        /// The human check of the guard is a box on the registration page.
        private func gate(
            _ policy: GuardPolicy,
            _ ledger: some SendLedger,
            _ check: DemoHumanCheck
        ) throws -> SendGate {
            var policy = policy
            policy.hasHumanCheck = true
            let hash = self.keys.scopeHash
            return SendGate(
                try SMSGuard(policy: policy, ledger: ledger, hash: hash),
                humanCheck: HumanCheckVerifier(check, hash: hash)
            )
        }

        /// The emulator's inbox, for the registration page.
        private var inbox: DemoInbox {
            let inbox = self.world.emulator.inbox
            return DemoInbox(
                url: "\(self.world.emulator.baseURL)/",
                newest: {
                    let cursor = await inbox.cursor
                    let messages = await inbox.messages(limit: 20)
                    return (messages.map { DemoMessage(recipient: $0.to, text: $0.text, code: $0.code) }, "\(cursor)")
                },
                wait: { cursor, timeout in
                    _ = await inbox.wait(for: InboxFilter(after: InboxCursor(cursor)), timeout: timeout)
                }
            )
        }
    }
}
