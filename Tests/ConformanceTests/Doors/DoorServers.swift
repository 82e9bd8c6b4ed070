// SPDX-License-Identifier: Apache-2.0

import Logging
import OTP
import OTPServer
import Synchronization
import Testing

/// The HTTP services of one trial, each of which stands for a process.
final class DoorServers: Sendable {
    /// An API key that permits all operations on codes.
    private static let key = Result { try APIKey.generate(id: "web", scopes: [.issue, .verify]) }

    private let tasks = Mutex<[Task<Void, any Error>]>([])

    /// Starts an HTTP service on a free port of the loopback interface.
    ///
    /// - Parameters:
    ///   - otp: The service that handles the requests.
    ///   - idempotency: The store of idempotency keys, with which the door sends a new key in each request for a message;
    ///     `nil` for no such keys.
    ///   - logger: The logger of the HTTP service.
    /// - Returns: The door of the service.
    /// - Throws: The error of the HTTP service.
    func start(_ otp: OTPService, idempotency: (any IdempotencyStore)?, logger: Logger) async throws -> HTTPDoor {
        let key = try Self.key.get()
        let routes = OTPRoutes(otp: otp, keys: try APIKeyRing(text: key.key.entry), idempotency: idempotency)
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        let server = OTPHTTPService(
            routes: routes,
            port: 0,
            logger: logger,
            isReady: { true },
            onServerRunning: { continuation.yield($0) }
        )
        let task = Task {
            defer { continuation.finish() }
            try await server.run()
        }
        self.tasks.withLock { $0.append(task) }
        let port = try #require(await ports.first { _ in true })
        return HTTPDoor(port: port, key: key.text, sendsIdempotencyKeys: idempotency != nil)
    }

    /// Stops all services.
    func stop() async {
        let tasks = self.tasks.withLock { tasks in
            defer { tasks = [] }
            return tasks
        }
        for task in tasks { task.cancel() }
        for task in tasks { _ = await task.result }
    }
}
