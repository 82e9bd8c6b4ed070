// SPDX-License-Identifier: Apache-2.0

public import OTP
public import OTPServer
public import OTPTesting
import SendGuard

/// The HTTP service for tests, with a store in memory and an inbox.
///
/// The service sends no messages. The ``inbox`` contains every message, and returns the code of the last message to a number.
///
/// ```swift
/// let server = try TestOTPServer(policy: OTPPolicy(destinations: [.singapore]))
/// try await server.run { url in
///     // Call your client with `url` and `server.apiKey`, and then:
///     let code = server.inbox.lastCode(to: number)
/// }
/// ```
///
/// If your application has its own router, add the ``routes`` to this router, and test the application without ``run(_:)``.
public struct TestOTPServer: Sendable {
    /// The service that the routes call.
    public let otp: OTPService

    /// The verification routes, which also accept the header `Idempotency-Key`.
    public let routes: OTPRoutes

    /// The secret text of an API key with all scopes, for the header `Authorization: Bearer …`.
    public let apiKey: String

    /// The SMS client of the service, which records each message.
    public let inbox: RecordingSMSClient

    /// Creates a server, which does not listen yet.
    ///
    /// - Parameters:
    ///   - policy: The policy of the service.
    ///   - inbox: The SMS client. To test a failure of the gateway, pass a client that returns other outcomes.
    ///   - store: The store. To test waits, pass an `InMemoryOTPStore` with a `ManualClock`.
    /// - Throws: `OTPConfigurationError` if the policy is invalid.
    public init(
        policy: OTPPolicy,
        inbox: RecordingSMSClient = RecordingSMSClient(),
        store: any OTPStore & ProofStore = InMemoryOTPStore()
    ) throws {
        let (key, text) = try APIKey.generate(id: "test", scopes: [.issue, .verify, .admin])
        self.otp = try OTPService(
            store: store,
            sms: inbox,
            keys: KeyRing(text: KeyRing.makeText()),
            policy: policy,
            messages: MessageTemplates(brand: "Test")
        )
        self.routes = OTPRoutes(
            otp: self.otp,
            keys: try APIKeyRing(text: key.entry),
            idempotency: InMemoryIdempotencyStore()
        )
        self.apiKey = text
        self.inbox = inbox
    }

    /// Runs the server on a free port of the loopback interface while a closure is executed.
    ///
    /// The server has the verification routes, the routes of operators (`AdminRoutes`) and the health routes.
    ///
    /// - Parameter body: The closure, which receives the URL of the server, such as `http://127.0.0.1:49152`.
    /// - Returns: The result of the closure.
    /// - Throws: The error of the closure, or an error if the server cannot listen.
    public func run<Result: Sendable>(_ body: (_ url: String) async throws -> Result) async throws -> Result {
        let (ports, started) = AsyncStream.makeStream(of: Int.self)
        let service = OTPHTTPService(
            routes: self.routes,
            admin: AdminRoutes(self.routes, audit: InMemoryAuditHistory()),
            port: 0,
            isReady: { true },
            onServerRunning: { started.yield($0) }
        )
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                // If the server cannot listen, the stream ends without a port.
                defer { started.finish() }
                try await service.run()
            }
            guard let port = await ports.first(where: { _ in true }) else {
                try await group.waitForAll()
                throw CancellationError()
            }
            let result = try await body("http://127.0.0.1:\(port)")
            group.cancelAll()
            return result
        }
    }
}
