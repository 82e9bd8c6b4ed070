// SPDX-License-Identifier: Apache-2.0

package import Hummingbird
import JSONOutput
package import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// An HTTP server with the route `GET /metrics`, separate from the server with the public routes.
///
/// The route needs no API key, so only the operator's tools should be able to reach its address.
///
/// The server has its own event loop, because it takes several milliseconds to write all metrics. On a shared event loop, this
/// work would delay public requests.
package struct MetricsHTTPService: Service {
    /// A closure that adds further routes for operators; `nil` for no further routes.
    package var addRoutes: (@Sendable (Router<OTPRequestContext>) -> Void)?

    private let host: String
    private let port: Int
    private let mediaType: String
    private let logger: Logger
    private let text: @Sendable () -> String
    private let onServerRunning: @Sendable (_ port: Int) async -> Void

    /// Creates a service.
    ///
    /// The service starts to listen when ``run()`` is called.
    ///
    /// - Parameters:
    ///   - host: The address or name on which the service listens.
    ///   - port: The port; 0 selects a free port.
    ///   - mediaType: The media type of the text.
    ///   - logger: The logger of the HTTP server.
    ///   - text: Returns the current values of all metrics in the format of the media type.
    ///   - onServerRunning: Called with the actual port when the service begins to accept connections.
    package init(
        host: String,
        port: Int,
        mediaType: String,
        logger: Logger,
        text: @escaping @Sendable () -> String,
        onServerRunning: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) {
        self.host = host
        self.port = port
        self.mediaType = mediaType
        self.logger = logger
        self.text = text
        self.onServerRunning = onServerRunning
    }

    /// Runs the service until the task is cancelled or the service group shuts down gracefully.
    ///
    /// - Throws: The error of the HTTP server, for example if the port is in use.
    package func run() async throws {
        let router = Router(context: OTPRequestContext.self)
        router.add(middleware: ProblemMiddleware<OTPRequestContext>())
        router.getOrHead("/metrics") { _, _ in
            Response(.ok, bytes: Array(self.text().utf8), mediaType: self.mediaType)
        }
        router.rejectMethods(except: [.get, .head], at: "/metrics")
        self.addRoutes?(router)
        var limits = ConnectionLimits()
        // Only a few scrapers and one operator connect.
        limits.connections = 64
        let eventLoopGroup = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let listener = HTTPListener(
            router: router,
            host: self.host,
            port: self.port,
            limits: limits,
            logger: self.logger,
            eventLoopGroup: eventLoopGroup,
            onServerRunning: self.onServerRunning
        )
        do {
            try await listener.run()
        } catch {
            try await eventLoopGroup.shutdownGracefully()
            throw error
        }
        try await eventLoopGroup.shutdownGracefully()
    }
}
