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
import Webhooks

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the HTTP service.",
        discussion: """
            The service needs at least one API key, which otp api-key creates. It speaks HTTP/1.1 without TLS, so put a \
            proxy with TLS in front of it, and list the proxy in OTP_TRUSTED_PROXIES.

            SIGTERM and SIGINT end the service after the requests in progress. SIGHUP loads the settings again from secret \
            files and the YAML file. With --metrics-listen, Prometheus can scrape GET /metrics on a separate listener. \
            With --admin-page, this listener also has a page for operators at /admin.

            See Docs/HTTPRoutes.md for the routes, and GET /openapi.json for their OpenAPI document.

            EXAMPLES
              otp api-key web --scope issue --scope verify --file api-keys.txt
              OTP_API_KEYS=api-keys.txt otp serve
              OTP_API_KEYS=api-keys.txt otp serve --listen 0.0.0.0:8080

            ENVIRONMENT
              required: OTP_API_KEYS
              optional: OTP_TRUSTED_PROXIES, OTP_PROXY_HEADER, OTP_LISTEN,
                OTP_METRICS_LISTEN, OTP_LOG_FORMAT, OTP_LOG_LEVEL,
                OTP_DRAIN_DELAY, OTP_REPORT_PATH_SECRET, OTP_WEBHOOK_URL,
                OTP_WEBHOOK_SECRET, OTP_WEBHOOK_ALLOW_PRIVATE, OTP_CONFIG,
                OTP_SECRETS_DIRECTORY
              \(EnvironmentHelp.indented(EnvironmentHelp.sending))
            """
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup(title: "Settings") var sending: SendingOptions
    @OptionGroup(title: "Operation") var operation: ServeOptions

    func run() async throws {
        try await self.common.reportError { output in
            // The HTTP service allows more connections than the usual limit on open files.
            OpenFileLimit.raise()
            let settings = try OTPSettings(options: self.options)
            guard !self.operation.adminPage || settings.value(.metricsListen) != nil else {
                throw CommandFailure.usage("--admin-page needs --metrics-listen")
            }
            let server = try ServerSettings(settings)
            let threshold = LogThreshold(self.common.verbose ? .debug : server.logLevel.level)
            LoggingSystem.bootstrap { ThresholdLogHandler(server.logFormat.handler($0, .trace), threshold) }
            let metrics = server.metricsAddress.map(MetricsListener.init)
            let redis = try settings.redis
            let parts = try ServiceParts(settings, for: .issue)
            let client = RedisClient(configuration: redis)
            let store = RedisOTPStore(client: client)
            let audit = RedisAuditStream(client: client)
            let webhooks = server.webhooks.map(WebhookService.init)
            let result = await asyncResult {
                let trail = try settings.auditTrail(audit, observer: webhooks?.sender)
                try await parts.withSMSClient { sms in
                    let ledger = RedisSendLedger(client: client)
                    let backend = ServiceBackend(store: store, ledger: ledger, audit: trail, sms: sms)
                    let requests = RedisIdempotencyStore(sharing: store)
                    let live = try LiveServer(settings, parts, backend, idempotency: requests, threshold: threshold)
                    // Without `OTP_AUDIT`, the audit trail only sends webhooks.
                    let writes = settings.value(.audit) == nil
                    let admin = AdminRoutes(live: live.routes, audit: audit, writesOperatorEvents: writes)
                    let result = await asyncResult { try await self.serve(live, admin, server, metrics, store, output) }
                    await live.flush()
                    try result.get()
                }
            }
            await webhooks?.shutdown()
            await client.shutdown()
            try result.get()
        }
    }

    /// The values of the options, keyed by the variables that they override.
    private var options: [Variable: String] { self.sending.values.merging(self.operation.values) { $1 } }

    /// Runs the servers until a signal ends the process.
    private func serve(
        _ live: LiveServer,
        _ admin: AdminRoutes,
        _ settings: ServerSettings,
        _ metrics: MetricsListener?,
        _ store: RedisOTPStore,
        _ output: Output
    ) async throws {
        let logger = Logger(label: "otp.server")
        let manager = ServiceManager(logger: logger)
        let drain = DrainService(delay: .seconds(settings.drainDelay)) { await manager.notify("STOPPING=1") }
        let announcement = ServeAnnouncement(hasMetrics: metrics != nil) { report, lines in
            // If standard output is closed, the service runs without this report.
            try? output.show(report, lines: lines)
            await manager.notify("READY=1")
        }
        let address = settings.address
        let service = OTPHTTPService(
            live: live.routes,
            admin: admin,
            reports: live.reports,
            host: address.host,
            port: address.port,
            logger: logger,
            isReady: { @Sendable in
                guard !drain.isDraining else { return false }
                return (try? await store.ping()) != nil
            },
            onServerRunning: { port in await announcement.record(\.url, address.url(port: port)) }
        )
        let (options, isVerbose) = (self.options, self.common.verbose)
        let reloader = SettingsReloader(signals: await UnixSignalsSequence(trapping: .sighup), logger: logger) {
            try await live.reload(OTPSettings(options: options), isVerbose: isVerbose)
        }
        let recent = self.operation.adminPage ? RecentActivity(admin, logger: logger) : nil
        let page = recent.map { AdminPageRoutes(admin, recent: $0) }
        let services: [(any Service)?] = [
            reloader, WatchdogService(manager: manager), recent, metrics?.service(logger, announcement, page: page),
            NamedListener(service: service, address: address), drain,
        ]
        try await self.run(services.compactMap(\.self), drainDelay: settings.drainDelay, logger)
    }

    /// Runs services.
    ///
    /// After SIGTERM or SIGINT, shuts them down in reverse order.
    private func run(_ services: [any Service], drainDelay: Int, _ logger: Logger) async throws {
        var configuration = ServiceGroupConfiguration(
            services: services,
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        configuration.maximumGracefulShutdownDuration = .seconds(20 + drainDelay)
        try await ServiceGroup(configuration: configuration).run()
    }
}
