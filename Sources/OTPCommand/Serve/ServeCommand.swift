// SPDX-License-Identifier: Apache-2.0

import AdminPage
import ArgumentParser
import Hiredis
import Logging
import OTP
import OTPEnvironment
import OTPRedis
import OTPServer
import ServiceLifecycle
import UnixSignals

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the HTTP service.",
        discussion: """
            The service needs at least one API key, which otp api-key creates. It speaks HTTP/1.1 without TLS, so put a \
            proxy with TLS in front of it, and list the proxy in OTP_TRUSTED_PROXIES.

            SIGTERM and SIGINT end the service after the requests in progress. SIGHUP reads the file of OTP_API_KEYS again.
            With --metrics-listen, Prometheus can scrape GET /metrics on a separate listener. With --admin-page, this \
            listener also has a page for operators at /admin.

            See Docs/HTTP.md for the routes, and GET /openapi.json for their OpenAPI document.

            EXAMPLES
              otp api-key web --scope issue --scope verify --file api-keys.txt
              OTP_API_KEYS=api-keys.txt otp serve
              OTP_API_KEYS=api-keys.txt otp serve --listen 0.0.0.0:8080

            ENVIRONMENT
              required: OTP_API_KEYS
              optional: OTP_TRUSTED_PROXIES, OTP_PROXY_HEADER
              \(EnvironmentHelp.indented(EnvironmentHelp.sending))
            """
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup(title: "Settings") var sending: SendingOptions
    @OptionGroup(title: "Operation") var operation: ServeOptions

    @Option(
        help: ArgumentHelp("The address and the port to listen on; port 0 selects a free port.", valueName: "host:port")
    )
    var listen = "127.0.0.1:8080"

    func run() async throws {
        try await self.common.run(logging: self.operation.logLevel.level, as: self.operation.logFormat) { output in
            let address = try ListenOption(self.listen)
            // The limits of the connections exceed the usual limit on open files.
            OpenFileLimit.raise()
            let metrics = try self.operation.metricsAddress.map(MetricsListener.init)
            let settings = self.sending.settings
            let server = try ServerSettings(settings)
            let plan = try settings.numberingPlan
            let redis = try settings.redis
            let parts = try ServiceParts(settings, for: .issue)
            let client = RedisClient(configuration: redis)
            let store = RedisOTPStore(client: client)
            let audit = RedisAuditStream(client: client)
            let result = await asyncResult {
                try await parts.withService(
                    store,
                    ledger: RedisSendLedger(client: client),
                    audit: settings.auditTrail(audit),
                    at: redis.deployment.description
                ) { service in
                    let routes = OTPRoutes(
                        otp: service,
                        keys: server.keys,
                        plan: plan,
                        proxies: server.proxies,
                        idempotency: RedisIdempotencyStore(sharing: store)
                    )
                    let admin = AdminRoutes(routes, audit: audit)
                    try await self.serve(routes, admin, at: address, metrics, store, server, output)
                }
            }
            await client.shutdown()
            try result.get()
        }
    }

    /// Runs the servers until a signal ends them.
    private func serve(
        _ routes: OTPRoutes,
        _ admin: AdminRoutes,
        at address: ListenOption,
        _ metrics: MetricsListener?,
        _ store: RedisOTPStore,
        _ settings: ServerSettings,
        _ output: Output
    ) async throws {
        let logger = Logger(label: "otp.server")
        let manager = ServiceManager(logger: logger)
        let drain = DrainService(delay: .seconds(self.operation.drainDelay)) { await manager.notify("STOPPING=1") }
        let announcement = ServeAnnouncement(hasMetrics: metrics != nil) { report, lines in
            // If standard output is closed, the service runs without the lines.
            try? output.show(report, lines: lines)
            await manager.notify("READY=1")
        }
        let service = OTPHTTPService(
            routes: routes,
            admin: admin,
            host: address.host,
            port: address.port,
            logger: logger,
            isReady: { @Sendable in
                guard !drain.isDraining else { return false }
                return (try? await store.ping()) != nil
            },
            onServerRunning: { port in await announcement.record(\.url, address.url(port: port)) }
        )
        let recent = self.operation.adminPage ? RecentActivity(admin, logger: logger) : nil
        let page = recent.map { AdminPageRoutes(admin, recent: $0) }
        let first: [(any Service)?] = [
            KeyReloader(settings: settings, logger: logger), WatchdogService(manager: manager), recent,
        ]
        let listeners = [
            metrics?.service(logger, announcement, page: page), NamedListener(service: service, address: address),
        ]
        try await self.run((first + listeners).compactMap(\.self) + [drain], logger)
    }

    /// Runs services, the last of which is shut down first.
    private func run(_ services: [any Service], _ logger: Logger) async throws {
        var configuration = ServiceGroupConfiguration(
            services: services,
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        configuration.maximumGracefulShutdownDuration = .seconds(20 + self.operation.drainDelay)
        try await ServiceGroup(configuration: configuration).run()
    }
}
