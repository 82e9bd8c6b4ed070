// SPDX-License-Identifier: Apache-2.0

import HTTPConnections
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// An HTTP/1.1 server that listens on one address, limits its connections, and passes requests to a router.
struct HTTPListener {
    let router: Router<OTPRequestContext>
    let host: String
    let port: Int
    let limits: ConnectionLimits
    let logger: Logger
    /// Records each request; `nil` for no records.
    var observer: RequestObserver?
    var eventLoopGroup = MultiThreadedEventLoopGroup.singleton
    let onServerRunning: @Sendable (_ port: Int) async -> Void

    /// Runs the server until the task is cancelled or the service group shuts down gracefully.
    ///
    /// - Throws: The error of the HTTP server, for example if the port is in use.
    func run() async throws {
        let accepted = AcceptedConnections(on: self.eventLoopGroup, maximum: self.limits.connections)
        let server = self.server(accepted)
        let task = Task { try await server.run() }
        try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            accepted.stop { task.cancel() }
        }
    }

    private func server(_ accepted: AcceptedConnections) -> any Service {
        let executors = EventLoopExecutors(self.eventLoopGroup)
        let responder = RequestResponder(self.router, self.logger, self.observer)
        let channel = RequestChannel(self.limits.rules, accepted: accepted, executor: executors.executor(of:)) {
            await responder.respond(to: $0, on: $1)
        }
        return channel.server(
            configuration: ServerConfiguration(
                address: .hostname(self.host, port: self.port),
                availableConnectionsDelegate: MaximumAvailableConnections(
                    self.limits.connections,
                    logger: self.logger
                )
            ),
            onServerRunning: { [port = self.port, logger = self.logger, onServerRunning = self.onServerRunning] in
                await Self.observe($0, accepted, logger)
                await onServerRunning($0.localAddress?.port ?? port)
            },
            eventLoopGroup: self.eventLoopGroup,
            logger: self.logger
        )
    }

    private static func observe(_ channel: any Channel, _ accepted: AcceptedConnections, _ logger: Logger) async {
        do {
            try await accepted.observe(channel) { error in
                logger.error("Connections cannot be accepted", metadata: ["http.error": "\(error)"])
            }
        } catch {
            // The listening socket was already closed.
            logger.debug("Listener closed", metadata: ["http.error": "\(error)"])
        }
    }
}
