// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import NIOSSL

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Opens a channel, and prepares it with TLS, authentication, database selection and a check of the server's role.
struct RedisConnector: Sendable {
    let configuration: RedisConfiguration
    let endpoint: RedisConfiguration.Endpoint
    /// Whether to reject a server that is a replica.
    let mustBePrimary: Bool
    let eventLoop: any EventLoop
    let counters: RedisMetrics

    /// Opens the channel without sending a command.
    func open(deadline: NIODeadline) -> EventLoopFuture<any Channel> {
        self.counters.willConnect()
        let bootstrap = ClientBootstrap(group: self.eventLoop)
            .connectTimeout(max(.nanoseconds(1), deadline - self.eventLoop.now))
            .channelInitializer { [configuration, endpoint, counters] channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls = configuration.tlsContext {
                        try channel.pipeline.syncOperations.addHandler(tls.makeHandler(endpoint: endpoint))
                    }
                    let handler = try RedisChannelHandler(
                        server: endpoint,
                        limits: configuration.limits,
                        counters: counters
                    )
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
        let channel: EventLoopFuture<any Channel>
        switch self.endpoint.kind {
        case .tcp(let host, let port):
            guard (1...65535).contains(port) else {
                let message = "the port \(port) is not from 1 to 65535"
                let error = RedisError(code: .invalidConfiguration, message: message)
                return self.eventLoop.makeFailedFuture(error)
            }
            channel = self.keepingAlive(bootstrap).connect(host: host, port: port)
        case .unixSocket(let path):
            channel = bootstrap.connect(unixDomainSocketPath: path)
        }
        return
            channel.map { channel in
                self.counters.didConnect()
                return channel
            }
            .flatMapErrorThrowing { error in
                throw error as? RedisError ?? .unreachable(self.endpoint, error)
            }
    }

    #if canImport(Darwin)
        private static let keepAliveIdleTime = TCP_KEEPALIVE
    #else
        private static let keepAliveIdleTime = TCP_KEEPIDLE
    #endif

    /// Enables TCP keepalive, which keeps idle connections open and closes dead connections.
    private func keepingAlive(_ bootstrap: ClientBootstrap) -> ClientBootstrap {
        guard let interval = self.configuration.keepAliveInterval else { return bootstrap }
        let seconds = SocketOptionValue(min(max(interval.components.seconds, 1), 32_767))
        func option(_ name: CInt) -> ChannelOptions.Types.SocketOption {
            .tcpOption(NIOBSDSocket.Option(rawValue: name))
        }
        return bootstrap.channelOption(.socketOption(.so_keepalive), value: 1)
            .channelOption(option(Self.keepAliveIdleTime), value: seconds)
            .channelOption(option(TCP_KEEPINTVL), value: max(1, seconds / 4))
            .channelOption(option(TCP_KEEPCNT), value: 3)
    }

    /// Sends the required setup commands, such as `AUTH`, `SELECT` and `ROLE`, in one write.
    ///
    /// The channel is closed if the server rejects one of these commands.
    func prepare(_ channel: any Channel, deadline: NIODeadline) -> EventLoopFuture<Void> {
        var batch = CommandBatch()
        var steps: [EventLoopFuture<Void>] = []
        for command in self.preparation() {
            let promise = self.eventLoop.makePromise(of: RedisReply.self)
            steps.append(promise.futureResult.flatMapThrowing { try self.check($0, of: command.name) })
            batch.append(command, id: 0, waiter: .promise(promise))
        }
        batch.setDeadline(deadline)
        do {
            try channel.pipeline.syncOperations.handler(type: RedisChannelHandler.self).send(batch)
        } catch {
            batch.fail(.lost(self.endpoint.errorName, cause: error))
        }
        return EventLoopFuture.andAllSucceed(steps, on: self.eventLoop)
            .flatMapErrorThrowing { error in
                channel.close(promise: nil)
                throw self.preparationFailure(error)
            }
    }

    private func preparation() -> [RedisCommand] {
        var commands: [RedisCommand] = []
        switch (self.configuration.username, self.configuration.password) {
        case (nil, nil): break
        case (nil, let password?):
            commands.append(RedisCommand(name: "AUTH", arguments: [.text(password)]))
        case (let username?, let password):
            // For an ACL user without a password, the server accepts any password.
            commands.append(RedisCommand(name: "AUTH", arguments: [.text(username), .text(password ?? "")]))
        }
        if self.configuration.database != 0 {
            commands.append(RedisCommand(name: "SELECT", arguments: [.integer(Int64(self.configuration.database))]))
        }
        if self.mustBePrimary {
            commands.append(RedisCommand(name: "ROLE", arguments: []))
        }
        // In TLS 1.3, the client's handshake ends before the server verifies the client certificate. Only a reply shows that
        // the server accepts the certificate.
        if commands.isEmpty, self.configuration.tlsContext != nil {
            commands.append(RedisCommand(name: "PING", arguments: []))
        }
        return commands
    }

    /// Throws an error if the server rejected a setup command, or is not the primary according to its reply to `ROLE`.
    private func check(_ reply: RedisReply, of name: String) throws(RedisError) {
        guard case .error(let text) = reply else {
            if name == "ROLE" {
                guard case .array(let parts) = reply, parts.first == .bulk(Array("master".utf8)) else {
                    throw RedisError(code: .connectionFailed, message: "\(self.endpoint.errorName) is not the primary")
                }
            }
            return
        }
        let kind = RedisError.kind(of: text)
        // A `NOPERM` error reply to `PING` also shows that the connection works.
        guard name != "PING" || kind != "NOPERM" else { return }
        let isAuthentication = name == "AUTH" || kind == "NOAUTH" || kind == "NOPERM"
        throw RedisError(
            code: isAuthentication ? .authenticationFailed : .connectionFailed,
            message: ServerErrorAdvice.message(name, rejectedBy: self.endpoint.errorName, text),
            serverErrorKind: kind
        )
    }

    /// Returns the error of a failed preparation.
    ///
    /// The code is never `outcomeUnknown`, because no command of a caller was written.
    private func preparationFailure(_ error: any Error) -> RedisError {
        guard let error = error as? RedisError else {
            return .unreachable(self.endpoint, error)
        }
        guard ![.connectionFailed, .authenticationFailed, .invalidConfiguration].contains(error.code) else {
            return error
        }
        let hint = self.configuration.tlsContext == nil ? "" : "; the server may not support TLS"
        let message =
            error.cause.flatMap { TLSContext.explanation(of: $0, server: self.endpoint.errorName) }
            ?? "the new connection to \(self.endpoint.errorName) did not become ready\(hint)"
        return RedisError(code: .connectionFailed, message: message, cause: error)
    }
}
