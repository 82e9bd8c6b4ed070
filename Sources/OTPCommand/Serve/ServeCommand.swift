// SPDX-License-Identifier: Apache-2.0

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
    private struct Report: Encodable {
        var url: String
    }

    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the HTTP service.",
        discussion: """
            The service needs at least one API key, which otp api-key creates. It speaks HTTP/1.1 without TLS, so put a \
            proxy with TLS in front of it, and list the proxy in OTP_TRUSTED_PROXIES.

            SIGTERM and SIGINT end the service after the requests in progress. SIGHUP reads the file of OTP_API_KEYS again.

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

    @Option(
        help: ArgumentHelp("The address and the port to listen on; port 0 selects a free port.", valueName: "host:port")
    )
    var listen = "127.0.0.1:8080"

    func run() async throws {
        try await self.common.run(logging: .notice) { output in
            let address = try ListenOption(self.listen)
            let settings = self.sending.settings
            let server = try ServerSettings(settings)
            let plan = try settings.numberingPlan
            let redis = try settings.redis
            let parts = try ServiceParts(settings, for: .issue)
            let client = RedisClient(configuration: redis)
            let store = RedisOTPStore(client: client)
            let result = await asyncResult {
                try await parts.withService(
                    store,
                    ledger: RedisSendLedger(client: client),
                    audit: settings.auditTrail(RedisAuditStream(client: client)),
                    at: redis.deployment.description
                ) { service in
                    let routes = OTPRoutes(
                        otp: service,
                        keys: server.keys,
                        plan: plan,
                        proxies: server.proxies,
                        idempotency: RedisIdempotencyStore(sharing: store)
                    )
                    try await Self.serve(routes, at: address, store, server, output)
                }
            }
            await client.shutdown()
            try result.get()
        }
    }

    /// Runs the server until a signal ends it.
    private static func serve(
        _ routes: OTPRoutes,
        at address: ListenOption,
        _ store: RedisOTPStore,
        _ settings: ServerSettings,
        _ output: Output
    ) async throws {
        let logger = Logger(label: "otp.server")
        let service = OTPHTTPService(
            routes: routes,
            host: address.host,
            port: address.port,
            logger: logger,
            isReady: { (try? await store.ping()) != nil },
            onServerRunning: { port in
                let url = address.url(port: port)
                // If standard output is closed, the service runs without the line.
                try? output.show(Report(url: url), lines: "HTTP service  \(url)")
            }
        )
        var configuration = ServiceGroupConfiguration(
            services: [KeyReloader(settings: settings, logger: logger), service],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        configuration.maximumGracefulShutdownDuration = .seconds(20)
        do {
            try await ServiceGroup(configuration: configuration).run()
        } catch {
            let message = "the service cannot listen on \(address.host):\(address.port): \(reason(error))"
            throw CommandFailure(.error, "port", message)
        }
    }
}
