// SPDX-License-Identifier: Apache-2.0

import AdminPage
import Logging
import Metrics
import OTPServer
import PrometheusMetrics
import ServiceLifecycle

/// The metrics of the process, and the address of `GET /metrics`.
struct MetricsListener {
    private let address: ListenOption
    private let registry: PrometheusRegistry
    private let process = ProcessMetrics()

    /// Installs the metrics backend.
    ///
    /// Call this initializer before the service and the store are created.
    ///
    /// - Parameter address: The address of `GET /metrics`.
    init(_ address: ListenOption) {
        self.address = address
        self.registry = PrometheusRegistry(MetricCatalogue.all)
        MetricsSystem.bootstrap(self.registry)
    }

    /// Returns the server for `GET /metrics`.
    ///
    /// - Parameters:
    ///   - logger: The logger of the server.
    ///   - announcement: The startup report of `otp serve`, to which the server adds its URLs.
    ///   - page: The admin page, which the server also serves; `nil` for no such page.
    /// - Returns: The server.
    func service(
        _ logger: Logger,
        _ announcement: ServeAnnouncement,
        page: AdminPageRoutes?
    ) -> any Service {
        var service = MetricsHTTPService(
            host: self.address.host,
            port: self.address.port,
            mediaType: PrometheusRegistry.mediaType,
            logger: logger,
            text: { [registry = self.registry, process = self.process] in registry.text + process.text },
            onServerRunning: { [address = self.address] port in
                if page != nil { await announcement.record(\.adminURL, address.url(port: port) + "/admin") }
                await announcement.record(\.metricsURL, address.url(port: port) + "/metrics")
            }
        )
        if let page { service.addRoutes = { page.add(to: $0) } }
        return NamedListener(service: service, address: self.address)
    }
}
