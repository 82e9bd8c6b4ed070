// SPDX-License-Identifier: Apache-2.0

import OTP
import OTPEnvironment
import OTPServer
import Synchronization

/// The parts of the HTTP service that a reload of the settings replaces.
///
/// A class, because the server and the reloader share it.
final class LiveServer: Sendable {
    private struct State {
        var settings: OTPSettings
        /// The services of all tenants, created from `settings`.
        var services: [GuardedService]
        /// The services of earlier settings, each with the time until which requests can use it.
        var former: [(service: GuardedService, end: ContinuousClock.Instant)] = []
    }

    /// The time for which requests in progress can still use the services of the previous settings.
    private static let overlap = Duration.seconds(120)

    /// The variables whose changes need a restart.
    private static let restartVariables: [Variable] =
        [
            .redisURL, .audit, .smsEndpoint, .allowPlaintext, .senderID, .accessKeyID, .accessKeySecret, .securityToken,
            .proxy, .proxyExceptions, .stsEndpoint, .metadataEndpoint, .listen, .metricsListen, .logFormat, .drainDelay,
            .reportPathSecret, .webhookURL, .webhookSecret, .webhookAllowPrivate,
        ]

    let routes: LiveRoutes

    /// The route for delivery reports; `nil` if delivery reports are off.
    let reports: DeliveryReportRoutes?

    private let backend: ServiceBackend
    private let idempotency: any IdempotencyStore
    private let threshold: LogThreshold
    private let state: Mutex<State>

    /// Creates the services from the first settings of the process.
    ///
    /// - Parameters:
    ///   - settings: The settings.
    ///   - parts: The keys, policies and texts of the services, read from the settings.
    ///   - backend: The connections that all services use.
    ///   - idempotency: The store for requests with an idempotency key.
    ///   - threshold: The minimum level of log records, which a reload can change.
    /// - Throws: An error that names the invalid setting.
    init(
        _ settings: OTPSettings,
        _ parts: ServiceParts,
        _ backend: ServiceBackend,
        idempotency: any IdempotencyStore,
        threshold: LogThreshold
    ) throws {
        let server = try ServerSettings(settings)
        let (routes, services) = try Self.routes(settings, server, parts, backend, idempotency)
        self.reports = server.reports.map { DeliveryReportReceiver($0, trail: backend.audit).routes }
        self.backend = backend
        self.idempotency = idempotency
        self.threshold = threshold
        self.routes = LiveRoutes(routes)
        self.state = Mutex(State(settings: settings, services: services))
    }

    /// Replaces the services, the API keys, the trusted proxies and the log level.
    ///
    /// Each request uses either the old or the new settings. If a setting is invalid, nothing changes.
    ///
    /// - Parameters:
    ///   - settings: The new settings.
    ///   - isVerbose: Whether a command-line option sets the log level. In this case, the log level does not change.
    /// - Returns: The names of changed variables that take effect only after a restart.
    /// - Throws: An error that names the invalid setting.
    func reload(_ settings: OTPSettings, isVerbose: Bool) async throws -> [String] {
        let server = try ServerSettings(settings)
        let parts = try ServiceParts(settings, for: .issue)
        let (routes, services) = try Self.routes(settings, server, parts, self.backend, self.idempotency)
        self.routes.replace(with: routes)
        if !isVerbose { self.threshold.level = server.logLevel.level }
        let old = self.state.withLock { state in
            let (old, now) = (state, ContinuousClock.now)
            state = State(settings: settings, services: services, former: old.former.filter { $0.end > now })
            state.former += old.services.map { (service: $0, end: now + Self.overlap) }
            return old
        }
        await self.flush(old.services)
        func value(_ variable: Variable, _ settings: OTPSettings) -> String? {
            settings.value(variable) ?? variable.defaultText
        }
        return Self.restartVariables.filter { value($0, old.settings) != value($0, settings) }.map(\.name)
    }

    /// Delivers the pending audit events, and the pending reports to the guard.
    ///
    /// The reports of services with earlier settings are included.
    func flush() async {
        await self.flush(self.state.withLock { $0.services + $0.former.map(\.service) })
    }

    /// Delivers the pending audit events, and then the pending reports of the given services to the guard.
    ///
    /// The time for the deliveries is limited.
    private func flush(_ services: [GuardedService]) async {
        await FinalDelivery.complete([
            FinalDelivery(name: "audit events") { [audit = self.backend.audit] in await audit?.flush() },
            FinalDelivery(name: "reports to the guard") {
                await withTaskGroup { group in
                    for service in services { group.addTask { await service.gate?.flush() } }
                }
            },
        ])
    }

    /// Creates the routes, with one service for the default tenant, and one for each other tenant that an API key names.
    private static func routes(
        _ settings: OTPSettings,
        _ server: ServerSettings,
        _ parts: ServiceParts,
        _ backend: ServiceBackend,
        _ idempotency: any IdempotencyStore
    ) throws -> (OTPRoutes, [GuardedService]) {
        let standard = try parts.service(backend)
        var tenants: [String: GuardedService] = [:]
        for tenant in server.keys.tenants where tenant != OTPRoutes.defaultTenant {
            tenants[tenant] = try parts.service(backend, tenant: tenant)
        }
        let routes = OTPRoutes(
            otp: standard.otp,
            tenants: tenants.mapValues(\.otp),
            keys: server.keys,
            plan: try settings.numberingPlan,
            proxies: server.proxies,
            idempotency: idempotency
        )
        return (routes, [standard] + tenants.values)
    }
}
