public import AlibabaSMS
public import FoundationEssentials
import Hummingbird
import HummingbirdCore
public import Logging
import NIOCore
public import ServiceLifecycle

/// Alibaba's SMS gateway on loopback: checks requests as the real one does, sends nothing, and shows what it took.
///
/// In a test one line is enough:
///
/// ```swift
/// try await SMSGatewayEmulator.withServer(.init(accessKeys: [key])) { emulator in
///     … emulator.baseURL … await emulator.inbox.messages() …
/// }
/// ```
public struct SMSGatewayEmulator: Service {
    /// What the emulator is to be like.
    public struct Configuration: Sendable {
        /// The address or name on which the emulator listens.
        ///
        /// Any but a loopback one requires a ``token``.
        public var host: String

        /// The port; 0 takes a free one.
        public var port: Int

        /// The token that the page and the REST API require; `nil` requires none.
        public var token: InboxToken?

        /// The AccessKeys that may do everything; one with a token is a temporary one and is not taken without it.
        public var accessKeys: [AlibabaCredential]

        /// The users that may do what their policies say.
        public var users: [RAMUser]

        /// The roles that may be assumed; if there are none, any role may be, and may then do everything.
        public var roles: [RAMRole]

        /// The role of the ECS instance whose metadata service is emulated.
        public var instanceRole: RAMRole

        /// Whether the metadata service answers requests without a token, as its first version does.
        public var allowsFirstMetadataVersion: Bool

        /// How many messages the inbox holds before it drops the oldest.
        public var capacity: Int

        /// How many requests the log holds before it drops the oldest.
        public var requestCapacity: Int

        /// Host names under which the page and the REST API are served, besides those of loopback and ``host``.
        public var allowedHosts: [String]

        /// How long connections may take for what their clients have to do.
        public var timeouts: ConnectionTimeouts

        /// How strict the gateway is.
        public var gateway: GatewaySettings

        /// What the account has, may and knows.
        public var account: AccountSettings

        /// How long messages are on their way.
        public var delivery: DeliverySchedule

        /// Where and how delivery reports are pushed; `nil` pushes none.
        public var reports: DeliveryReportSettings?

        /// All that may go wrong.
        public var faults: FaultSettings

        /// The time by which the dates of requests are judged, and with which the emulator's clock goes.
        public var now: @Sendable () -> Date

        /// Creates a configuration.
        ///
        /// - Parameters:
        ///   - host: The address or name on which the emulator listens.
        ///   - port: The port; 0 takes a free one.
        ///   - token: The token that the page and the REST API require.
        ///   - accessKeys: The AccessKeys that may do everything.
        ///   - users: The users that may do what their policies say.
        ///   - roles: The roles that may be assumed.
        ///   - instanceRole: The role of the ECS instance whose metadata service is emulated.
        ///   - allowsFirstMetadataVersion: Whether the metadata service answers requests without a token.
        ///   - capacity: How many messages the inbox holds.
        ///   - requestCapacity: How many requests the log holds.
        ///   - allowedHosts: Host names under which the page and the REST API are served.
        ///   - timeouts: How long connections may take for what their clients have to do.
        ///   - gateway: How strict the gateway is.
        ///   - account: What the account has, may and knows.
        ///   - delivery: How long messages are on their way.
        ///   - reports: Where and how delivery reports are pushed.
        ///   - faults: All that may go wrong.
        ///   - now: The time.
        public init(
            host: String = "127.0.0.1",
            port: Int = 0,
            token: InboxToken? = nil,
            accessKeys: [AlibabaCredential] = [],
            users: [RAMUser] = [],
            roles: [RAMRole] = [],
            instanceRole: RAMRole = RAMRole(name: "emulated", policies: [.dysmsFullAccess]),
            allowsFirstMetadataVersion: Bool = true,
            capacity: Int = 500,
            requestCapacity: Int = 500,
            allowedHosts: [String] = [],
            timeouts: ConnectionTimeouts = .init(),
            gateway: GatewaySettings = .init(),
            account: AccountSettings = .init(),
            delivery: DeliverySchedule = .init(),
            reports: DeliveryReportSettings? = nil,
            faults: FaultSettings = .init(),
            now: @escaping @Sendable () -> Date = { Date() }
        ) {
            self.host = host
            self.port = port
            self.token = token
            self.accessKeys = accessKeys
            self.users = users
            self.roles = roles
            self.instanceRole = instanceRole
            self.allowsFirstMetadataVersion = allowsFirstMetadataVersion
            self.capacity = capacity
            self.requestCapacity = requestCapacity
            self.allowedHosts = allowedHosts
            self.timeouts = timeouts
            self.gateway = gateway
            self.account = account
            self.delivery = delivery
            self.reports = reports
            self.faults = faults
            self.now = now
        }
    }

    /// An emulator that runs.
    public struct Server: Sendable {
        /// The host on which the emulator listens.
        public let host: String

        /// The port.
        public let port: Int

        let world: EmulatorWorld

        /// The messages that it took.
        public var inbox: Inbox { self.world.inbox }

        /// The requests to the gateway, refused ones too.
        public var requests: RequestLog { self.world.requests }

        /// The URL of the gateway, the inbox, STS and the metadata service, without a slash at the end.
        ///
        /// If the emulator listens on all addresses, it is the one of loopback.
        public var baseURL: String { "http://\(ListenAddress(self.host).authority):\(self.port)" }

        /// The URL at which the credential of the instance's role is given out, as for `ALIBABA_CLOUD_CREDENTIALS_URI`.
        public var credentialsURI: String { "\(self.baseURL)/credentials" }

        /// How many temporary credentials it has given out.
        public var issuedCredentialCount: Int { self.world.accessKeys.issuedCount }
    }

    /// The messages that it took.
    public var inbox: Inbox { self.world.inbox }

    /// The requests to the gateway, refused ones too.
    public var requests: RequestLog { self.world.requests }

    var events: InboxEvents { self.world.events }

    /// After how long without an event those who watch are told that the connection stands.
    var pingInterval = Duration.seconds(15)

    let configuration: Configuration
    let world: EmulatorWorld
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
        self.world = EmulatorWorld(configuration)
        self.logger = logger
        self.onServerRunning = onServerRunning
    }

    /// Runs the emulator until the task is cancelled or shut down gracefully.
    ///
    /// - Throws: An ``EmulatorConfigurationError`` if it cannot run as it is configured, or why it could not run.
    public func run() async throws {
        try self.configuration.reports?.check()
        try self.configuration.checkAccess()
        let reports: [any Service] = self.world.reports.map { [$0] } ?? []
        let application = Application(
            router: self.router(),
            server: HTTPServerBuilder { [timeouts = self.configuration.timeouts] responder in
                GuardedChannel(timeouts, responder: responder)
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
