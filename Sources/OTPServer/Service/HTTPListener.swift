// SPDX-License-Identifier: Apache-2.0

import HTTPConnections
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix

/// An HTTP/1.1 server with a router, on one address and with limits of its connections.
struct HTTPListener {
    let router: Router<OTPRequestContext>
    let host: String
    let port: Int
    let limits: ConnectionLimits
    let logger: Logger
    let onServerRunning: @Sendable (_ port: Int) async -> Void

    /// Runs the server until the task is cancelled or the service group shuts down gracefully.
    ///
    /// - Throws: The error of the HTTP server, for example if the port is in use.
    func run() async throws {
        let eventLoopGroup = MultiThreadedEventLoopGroup.singleton
        let executors = EventLoopExecutors(eventLoopGroup)
        let application = Application(
            router: self.router,
            server: HTTPServerBuilder { [rules = self.limits.rules] responder in
                GuardedChannel(rules, executor: executors.executor(of:), responder: responder)
            },
            configuration: ApplicationConfiguration(
                address: .hostname(self.host, port: self.port),
                availableConnectionsDelegate: MaximumAvailableConnections(
                    self.limits.connections,
                    logger: self.logger
                )
            ),
            onServerRunning: { [port = self.port, onServerRunning = self.onServerRunning] channel in
                await onServerRunning(channel.localAddress?.port ?? port)
            },
            eventLoopGroupProvider: .shared(eventLoopGroup),
            logger: self.logger
        )
        try await application.run()
    }
}
