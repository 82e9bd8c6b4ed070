public import AlibabaSMS
public import FoundationEssentials
import Hummingbird
public import Logging
import NIOCore
public import ServiceLifecycle

/// Alibaba's SMS gateway on loopback: checks requests as the real one does, sends nothing, and shows what it took.
///
/// In a test one line is enough:
///
/// ```swift
/// try await AlibabaSMSEmulator.withServer(.init(accessKeys: [key])) { emulator in
///     … emulator.baseURL … await emulator.inbox.messages() …
/// }
/// ```
public struct AlibabaSMSEmulator: Service {
    /// What the emulator is to be like.
    public struct Configuration: Sendable {
        /// The port on 127.0.0.1; 0 takes a free one.
        public var port: Int

        /// The AccessKeys that it knows; one with a token is a temporary one and is not taken without it.
        public var accessKeys: [AlibabaCredential]

        /// How many messages the inbox holds before it drops the oldest.
        public var capacity: Int

        /// Names besides those of loopback under which the inbox may be asked for.
        public var allowedHosts: [String]

        /// The time by which the dates of requests are judged and messages are stamped.
        public var now: @Sendable () -> Date

        /// Creates a configuration.
        ///
        /// - Parameters:
        ///   - port: The port on 127.0.0.1; 0 takes a free one.
        ///   - accessKeys: The AccessKeys that it knows.
        ///   - capacity: How many messages the inbox holds.
        ///   - allowedHosts: Names besides those of loopback under which the inbox may be asked for.
        ///   - now: The time.
        public init(
            port: Int = 0,
            accessKeys: [AlibabaCredential] = [],
            capacity: Int = 500,
            allowedHosts: [String] = [],
            now: @escaping @Sendable () -> Date = { Date() }
        ) {
            self.port = port
            self.accessKeys = accessKeys
            self.capacity = capacity
            self.allowedHosts = allowedHosts
            self.now = now
        }
    }

    /// An emulator that runs.
    public struct Server: Sendable {
        /// The port on 127.0.0.1.
        public let port: Int

        /// The messages that it took.
        public let inbox: Inbox

        /// The URL of the gateway and of the inbox, without a slash at the end.
        public var baseURL: String { "http://127.0.0.1:\(self.port)" }
    }

    /// The messages that it took.
    public let inbox: Inbox

    private let configuration: Configuration
    private let logger: Logger
    private let onServerRunning: @Sendable (Server) async -> Void

    /// Creates an emulator, which runs when ``run()`` is called.
    ///
    /// - Parameters:
    ///   - configuration: What it is to be like.
    ///   - logger: Where the HTTP server writes; by default nowhere.
    ///   - onServerRunning: Called when it can be reached.
    public init(
        configuration: Configuration = .init(),
        logger: Logger = Logger(label: "otp.emulator") { _ in SwiftLogNoOpLogHandler() },
        onServerRunning: @escaping @Sendable (Server) async -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.inbox = Inbox(capacity: configuration.capacity)
        self.logger = logger
        self.onServerRunning = onServerRunning
    }

    /// Runs the emulator until the task is cancelled or shut down gracefully.
    public func run() async throws {
        let application = Application(
            router: self.router(),
            configuration: .init(address: .hostname("127.0.0.1", port: self.configuration.port)),
            onServerRunning: { channel in
                guard let port = channel.localAddress?.port else { return }
                await self.onServerRunning(Server(port: port, inbox: self.inbox))
            },
            logger: self.logger
        )
        try await application.run()
    }

    /// Runs an emulator while some work is done.
    ///
    /// - Parameters:
    ///   - configuration: What it is to be like.
    ///   - body: The work.
    /// - Returns: What the work returns.
    /// - Throws: What the work throws, or why the emulator could not run.
    public static func withServer<Result: Sendable>(
        _ configuration: Configuration = .init(),
        _ body: (Server) async throws -> Result
    ) async throws -> Result {
        let (servers, continuation) = AsyncStream.makeStream(of: Server.self)
        let emulator = AlibabaSMSEmulator(configuration: configuration) { continuation.yield($0) }
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

    private func router() -> Router<BasicRequestContext> {
        let router = Router(context: BasicRequestContext.self)
        let gateway = GatewayRoute(
            checks: GatewayChecks(accessKeys: self.configuration.accessKeys),
            inbox: self.inbox,
            now: self.configuration.now
        )
        router.post("/") { request, _ in await gateway.respond(to: request) }

        let guarded = router.group().add(middleware: HostGuard(alsoAllowed: self.configuration.allowedHosts))
        guarded.get("/") { _, _ in InboxPage.response() }
        InboxRoutes(inbox: self.inbox).add(to: guarded.group("api/v1"))
        return router
    }
}
