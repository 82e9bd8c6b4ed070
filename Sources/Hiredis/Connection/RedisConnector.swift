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

/// Opens a connection and makes it ready: connects, encrypts, authenticates, selects the database, asks for the role.
struct RedisConnector: Sendable {
    let configuration: RedisConfiguration
    let endpoint: RedisConfiguration.Endpoint
    /// Whether a server that is a replica is refused.
    let mustBePrimary: Bool
    let eventLoop: any EventLoop
    let counters: RedisMetrics

    /// Connects, and no more.
    func open(deadline: NIODeadline) -> EventLoopFuture<any Channel> {
        self.counters.willConnect()
        let bootstrap = ClientBootstrap(group: self.eventLoop)
            .connectTimeout(max(.nanoseconds(1), deadline - self.eventLoop.now))
            .channelInitializer { [configuration, endpoint, counters] channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls = configuration.tlsContext {
                        try channel.pipeline.syncOperations.addHandler(tls.makeHandler(host: endpoint.host))
                    }
                    let handler = try RedisChannelHandler(limits: configuration.limits, counters: counters)
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
        let channel: EventLoopFuture<any Channel>
        switch self.endpoint.kind {
        case .tcp(let host, let port):
            guard (1...65535).contains(port) else {
                let error = RedisError(code: .invalidConfiguration, message: "The port is not from 1 to 65535.")
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

    /// Has the kernel probe an idle connection, so that NATs and load balancers remember it and a dead one ends.
    private func keepingAlive(_ bootstrap: ClientBootstrap) -> ClientBootstrap {
        guard let interval = self.configuration.keepAliveInterval else { return bootstrap }
        let seconds = SocketOptionValue(min(max(interval.components.seconds, 1), 32_767))
        func option(_ name: CInt) -> ChannelOptions.Types.SocketOption {
            .tcpOption(NIOBSDSocket.Option(rawValue: name))
        }
        return bootstrap.channelOption(.socketOption(.so_keepalive), value: 1)
            .channelOption(option(TCP_KEEPIDLE), value: seconds)
            .channelOption(option(TCP_KEEPINTVL), value: max(1, seconds / 4))
            .channelOption(option(TCP_KEEPCNT), value: 3)
    }

    /// Sends `AUTH`, `SELECT` and `ROLE` in one write, and succeeds when the server has accepted all; otherwise closes.
    func prepare(_ channel: any Channel, deadline: NIODeadline) -> EventLoopFuture<Void> {
        var batch = CommandBatch()
        var steps: [EventLoopFuture<Void>] = []
        for command in self.preparation() {
            let promise = self.eventLoop.makePromise(of: RedisReply.self)
            steps.append(promise.futureResult.flatMapThrowing { try Self.check($0, of: command.name) })
            batch.append(command, id: 0, waiter: .promise(promise))
        }
        batch.setDeadline(deadline)
        do {
            try channel.pipeline.syncOperations.handler(type: RedisChannelHandler.self).send(batch)
        } catch {
            batch.fail(RedisError(code: .connectionFailed, message: "The connection was lost.", cause: error))
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
            // An ACL user may have no password; the server then takes any.
            commands.append(RedisCommand(name: "AUTH", arguments: [.text(username), .text(password ?? "")]))
        }
        if self.configuration.database != 0 {
            commands.append(RedisCommand(name: "SELECT", arguments: [.integer(Int64(self.configuration.database))]))
        }
        if self.mustBePrimary {
            commands.append(RedisCommand(name: "ROLE", arguments: []))
        }
        // With TLS 1.3 the client is done before the server has looked at its certificate: only a reply shows that the
        // server goes along.
        if commands.isEmpty, self.configuration.tlsContext != nil {
            commands.append(RedisCommand(name: "PING", arguments: []))
        }
        return commands
    }

    /// The server's own words are kept only where they are known not to repeat what was sent.
    private static func check(_ reply: RedisReply, of name: String) throws(RedisError) {
        guard case .error(let text) = reply else {
            if name == "ROLE" {
                guard case .array(let parts) = reply, parts.first == .bulk(Array("master".utf8)) else {
                    throw RedisError(code: .connectionFailed, message: "The server is not the primary at present.")
                }
            }
            return
        }
        let kind = RedisError.kind(of: text)
        // Whether the user may ask is no matter: it was an answer.
        guard name != "PING" || kind != "NOPERM" else { return }
        let isAuthentication = name == "AUTH" || kind == "NOAUTH" || kind == "NOPERM"
        throw RedisError(
            code: isAuthentication ? .authenticationFailed : .connectionFailed,
            message: RedisRefusal.message(of: name, text),
            serverErrorKind: kind
        )
    }

    /// No command of a caller was written yet, so none has an unknown outcome.
    private func preparationFailure(_ error: any Error) -> RedisError {
        guard let error = error as? RedisError else {
            return .unreachable(self.endpoint, error)
        }
        guard ![.connectionFailed, .authenticationFailed, .invalidConfiguration].contains(error.code) else {
            return error
        }
        let notReady =
            self.configuration.tlsContext == nil
            ? "The new connection to \(self.endpoint) did not become ready."
            : "The new connection to \(self.endpoint) did not become ready; the server may not speak TLS."
        let message = error.cause.flatMap(TLSContext.explanation) ?? notReady
        return RedisError(code: .connectionFailed, message: message, cause: error)
    }
}
