import NIOCore
import NIOPosix

/// Opens a connection and makes it ready: connects, authenticates, selects the database.
///
/// Sentinel and Cluster will resolve their address before this, and TLS will be one more handler in its pipeline.
struct RedisConnector: Sendable {
    let configuration: RedisConfiguration
    let endpoint: RedisConfiguration.Endpoint
    let eventLoop: any EventLoop
    let counters: RedisCounters

    /// Connects, and no more.
    func open(deadline: NIODeadline) -> EventLoopFuture<any Channel> {
        self.counters.willConnect()
        let bootstrap = ClientBootstrap(group: self.eventLoop)
            .connectTimeout(max(.nanoseconds(1), deadline - self.eventLoop.now))
            .channelInitializer { [configuration, counters] channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = try RedisChannelHandler(limits: configuration.limits, counters: counters)
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
        let channel: EventLoopFuture<any Channel>
        switch self.endpoint {
        case .tcp(let host, let port):
            guard (1...65535).contains(port) else {
                let error = RedisError(code: .invalidConfiguration, message: "The port is not from 1 to 65535.")
                return self.eventLoop.makeFailedFuture(error)
            }
            channel = bootstrap.connect(host: host, port: port)
        case .unixSocket(let path):
            channel = bootstrap.connect(unixDomainSocketPath: path)
        }
        return channel.map { channel in
            self.counters.didConnect()
            return channel
        }
    }

    /// Sends `AUTH` and `SELECT` in one write, and succeeds when the server has accepted both; otherwise closes.
    func prepare(_ channel: any Channel, deadline: NIODeadline) -> EventLoopFuture<Void> {
        var batch = CommandBatch()
        var steps: [EventLoopFuture<Void>] = []
        for command in self.preparation() {
            let promise = self.eventLoop.makePromise(of: RedisReply.self)
            steps.append(promise.futureResult.flatMapThrowing { try Self.check($0, of: command.name) })
            do throws(RedisError) {
                batch.append(try FormattedCommand(command), id: 0, waiter: .promise(promise))
            } catch {
                promise.fail(error)
            }
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
                throw Self.preparationFailure(error)
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
        return commands
    }

    /// The server's own words are left out: they may repeat what was sent.
    private static func check(_ reply: RedisReply, of name: String) throws(RedisError) {
        guard case .error(let text) = reply else { return }
        let kind = RedisError.kind(of: text)
        let isAuthentication = name == "AUTH" || kind == "NOAUTH" || kind == "NOPERM"
        throw RedisError(
            code: isAuthentication ? .authenticationFailed : .connectionFailed,
            message: "The server refused \(name) with \(kind).",
            serverErrorKind: kind
        )
    }

    /// No command of a caller was written yet, so none has an unknown outcome.
    private static func preparationFailure(_ error: any Error) -> RedisError {
        guard let error = error as? RedisError else {
            return RedisError(code: .connectionFailed, message: "The server cannot be reached.", cause: error)
        }
        guard ![.connectionFailed, .authenticationFailed, .invalidConfiguration].contains(error.code) else {
            return error
        }
        return RedisError(
            code: .connectionFailed,
            message: "The new connection did not become ready.",
            cause: error
        )
    }
}
