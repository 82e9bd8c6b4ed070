// SPDX-License-Identifier: Apache-2.0

package import Hummingbird
public import Logging
public import ServiceLifecycle

/// An HTTP server with the routes of ``OTPRoutes`` and ``HealthRoutes``.
///
/// The service listens until its task is cancelled or its service group shuts down gracefully. During a graceful shutdown, the
/// service accepts no new connections, and completes the requests in progress.
///
/// The service handles each request on an event loop of `MultiThreadedEventLoopGroup.singleton`. An SMS client, a human check
/// and a log handler must therefore not block their thread. A `RedisOTPStore` uses the same event loops by default, so a Redis
/// command needs no thread hop.
///
/// ```swift
/// let service = OTPHTTPService(routes: OTPRoutes(otp: otp, keys: keys), port: 8080, isReady: { true })
/// let group = ServiceGroup(services: [store, service], gracefulShutdownSignals: [.sigterm], logger: logger)
/// try await group.run()
/// ```
public struct OTPHTTPService: Service {
    /// The address or name on which the service listens.
    public let host: String

    /// The port on which the service listens; 0 selects a free port.
    public let port: Int

    /// A closure that adds routes of the application; `nil` for no further routes.
    package var addRoutes: (@Sendable (Router<OTPRequestContext>) -> Void)?

    private let routes: LiveRoutes
    private let admin: AdminRoutes?
    private let reports: DeliveryReportRoutes?
    private let health: HealthRoutes
    private let limits: ConnectionLimits
    private let logger: Logger
    private let onServerRunning: @Sendable (_ port: Int) async -> Void

    /// Creates a service.
    ///
    /// The service starts to listen when ``run()`` is called.
    ///
    /// - Parameters:
    ///   - routes: The verification routes.
    ///   - admin: The routes for operators; `nil` for no such routes.
    ///   - reports: The route for delivery reports; `nil` for no such route.
    ///   - host: The address or name on which the service listens.
    ///   - port: The port; 0 selects a free port.
    ///   - limits: The limits of the connections.
    ///   - logger: The logger of the HTTP server. By default, nothing is logged.
    ///   - isReady: Returns whether the server can serve requests, for the route `/readyz`.
    ///   - onServerRunning: Called with the actual port when the service begins to accept connections.
    public init(
        routes: OTPRoutes,
        admin: AdminRoutes? = nil,
        reports: DeliveryReportRoutes? = nil,
        host: String = "127.0.0.1",
        port: Int,
        limits: ConnectionLimits = ConnectionLimits(),
        logger: Logger = Logger(label: "otp-server") { _ in SwiftLogNoOpLogHandler() },
        isReady: @escaping @Sendable () async -> Bool,
        onServerRunning: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) {
        self.init(
            live: LiveRoutes(routes),
            admin: admin,
            reports: reports,
            host: host,
            port: port,
            limits: limits,
            logger: logger,
            isReady: isReady,
            onServerRunning: onServerRunning
        )
    }

    /// Creates a service with routes that can be replaced while the service runs.
    package init(
        live routes: LiveRoutes,
        admin: AdminRoutes? = nil,
        reports: DeliveryReportRoutes? = nil,
        host: String,
        port: Int,
        limits: ConnectionLimits = ConnectionLimits(),
        logger: Logger,
        isReady: @escaping @Sendable () async -> Bool,
        onServerRunning: @escaping @Sendable (_ port: Int) async -> Void
    ) {
        self.host = host
        self.port = port
        self.routes = routes
        self.admin = admin
        self.reports = reports
        self.health = HealthRoutes(isReady: isReady)
        self.limits = limits
        self.logger = logger
        self.onServerRunning = onServerRunning
    }

    /// The router with all routes.
    var router: Router<OTPRequestContext> {
        let router = Router(context: OTPRequestContext.self)
        self.routes.add(to: router)
        // A middleware is applied only to later routes and to unknown paths. The routes above fail only with an `HTTPProblem`,
        // which the router converts.
        router.add(middleware: ProblemMiddleware<OTPRequestContext>())
        self.admin?.add(to: router)
        self.reports?.add(to: router)
        self.health.add(to: router)
        self.addRoutes?(router)
        return router
    }

    /// Runs the service until the task is cancelled or the service group shuts down gracefully.
    ///
    /// - Throws: The error of the HTTP server, for example if the port is in use.
    public func run() async throws {
        let listener = HTTPListener(
            router: self.router,
            host: self.host,
            port: self.port,
            limits: self.limits,
            logger: self.logger,
            observer: RequestObserver(),
            onServerRunning: self.onServerRunning
        )
        try await listener.run()
    }
}
