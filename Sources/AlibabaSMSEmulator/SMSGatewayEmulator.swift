// SPDX-License-Identifier: Apache-2.0

import HTTPConnections
import Hummingbird
import HummingbirdCore
public import Logging
import NIOCore
public import ServiceLifecycle

/// An emulator of Alibaba's SMS gateway for development and tests.
///
/// The emulator validates requests like the real gateway and shows every message, but does not send messages. A test can run an
/// emulator while a closure executes:
///
/// ```swift
/// try await SMSGatewayEmulator.withServer(.init(accessKeys: [key])) { emulator in
///     … emulator.baseURL … await emulator.inbox.messages() …
/// }
/// ```
public struct SMSGatewayEmulator: Service {
    /// The inbox, which stores the messages that the emulator accepted.
    public var inbox: Inbox { self.world.inbox }

    /// The log of requests to the gateway, including rejected requests.
    public var requests: RequestLog { self.world.requests }

    /// The names of the actions that the gateway supports.
    public static var actions: [String] { GatewayActions.all.map(\.name) }

    var events: InboxEvents { self.world.events }

    /// The interval between keep-alive comments on an idle event stream.
    var pingInterval = Duration.seconds(15)

    let configuration: Configuration
    let world: EmulatorWorld
    private let logger: Logger
    private let onServerRunning: @Sendable (Server) async -> Void

    /// Creates an emulator, which starts when ``run()`` is called.
    ///
    /// - Parameters:
    ///   - configuration: The settings.
    ///   - logger: The logger of the HTTP server; by default, all log records are discarded.
    ///   - onServerRunning: A callback that is called as soon as the emulator accepts connections.
    public init(
        configuration: Configuration = .init(),
        logger: Logger = Logger(label: "otp.emulator") { _ in SwiftLogNoOpLogHandler() },
        onServerRunning: @escaping @Sendable (Server) async -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.world = EmulatorWorld(configuration)
        self.logger = logger
        self.onServerRunning = onServerRunning
    }

    /// Runs the emulator until the task is cancelled or the service group shuts down gracefully.
    ///
    /// - Throws: An ``EmulatorConfigurationError`` if the configuration is invalid, or the error of the HTTP server.
    public func run() async throws {
        try self.configuration.reports?.check()
        try self.configuration.checkAccess()
        let reports: [any Service] = self.world.reports.map { [$0] } ?? []
        let application = Application(
            router: self.router(),
            server: HTTPServerBuilder { [rules = self.configuration.timeouts.rules] responder in
                GuardedChannel(rules, responder: responder)
            },
            configuration: .init(address: .hostname(self.configuration.host, port: self.configuration.port)),
            services: [self.world.carrier] + reports,
            onServerRunning: { channel in
                guard let port = channel.localAddress?.port else { return }
                await self.onServerRunning(Server(host: self.configuration.host, port: port, world: self.world))
            },
            logger: self.logger
        )
        try await application.run()
    }

    /// Runs an emulator while a closure executes.
    ///
    /// - Parameters:
    ///   - configuration: The settings.
    ///   - body: The closure, which is called as soon as the emulator accepts connections.
    /// - Returns: The result of the closure.
    /// - Throws: The error of the closure, or the error that prevented the emulator from running.
    public static func withServer<Result: Sendable>(
        _ configuration: Configuration = .init(),
        _ body: (Server) async throws -> Result
    ) async throws -> Result {
        let (servers, continuation) = AsyncStream.makeStream(of: Server.self)
        let emulator = SMSGatewayEmulator(configuration: configuration) { continuation.yield($0) }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { continuation.finish() }
                try await emulator.run()
            }
            guard let server = await servers.first(where: { _ in true }) else {
                try await group.waitForAll()
                throw CancellationError()
            }
            defer { group.cancelAll() }
            return try await body(server)
        }
    }
}
