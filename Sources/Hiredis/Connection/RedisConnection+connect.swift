// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Synchronization

/// The methods that open and reopen the connection.
extension RedisConnection {
    func connect() {
        guard !self.waiting.isEmpty else { return }
        self.state = .connecting
        let deadline = self.eventLoop.now + TimeAmount(bounding: self.configuration.connectTimeout)
        self.connecting = self.locate()
            .flatMap { self.open($0, deadline: deadline) }
            .flatMapErrorThrowing { error in
                let error =
                    error as? RedisError
                    ?? RedisError(
                        code: .connectionFailed,
                        message: "cannot connect to \(self.address)",
                        cause: error
                    )
                self.assumeIsolated { $0.didFailToConnect(error) }
            }
    }

    /// Opens a channel to a server, and prepares the channel for commands.
    private nonisolated func open(
        _ endpoint: RedisConfiguration.Endpoint,
        deadline: NIODeadline
    ) -> EventLoopFuture<Void> {
        let connector = RedisConnector(
            configuration: self.configuration,
            endpoint: endpoint,
            mustBePrimary: self.address.locator != nil,
            eventLoop: self.eventLoop,
            counters: self.counters
        )
        return connector.open(deadline: deadline)
            .flatMap { channel in
                self.assumeIsolated { $0.didOpen(channel) }
                return connector.prepare(channel, deadline: deadline).map { channel }
            }
            .map { channel in
                self.assumeIsolated { $0.didConnect(channel, to: endpoint) }
            }
            .flatMapErrorThrowing { error in
                self.address.locator?.didFail(at: endpoint)
                throw error
            }
    }

    private func locate() -> EventLoopFuture<RedisConfiguration.Endpoint> {
        switch self.address {
        case .fixed(let endpoint):
            return self.eventLoop.makeSucceededFuture(endpoint)
        case .sentinel(let locator):
            let lookup = self.eventLoop.makePromise(of: RedisConfiguration.Endpoint.self)
            self.lookup = lookup
            Task {
                let location = await locator.primary()
                self.onEventLoop { $0.lookup.take()?.completeWith(location.mapError { $0 }) }
            }
            return lookup.futureResult
                .flatMapThrowing { endpoint in
                    // The client may have been shut down while the sentinels were queried.
                    guard self.assumeIsolated({ $0.isConnecting }) else { throw RedisError.clientClosed }
                    return endpoint
                }
        }
    }

    private var isConnecting: Bool {
        if case .connecting = self.state { true } else { false }
    }

    private func didOpen(_ channel: any Channel) {
        self.channel = channel
        if case .closed = self.state {
            self.endChannel()
        }
    }

    private func didConnect(_ channel: any Channel, to endpoint: RedisConfiguration.Endpoint) {
        guard self.isConnecting else { return }
        guard let handler = Self.handler(of: channel), handler.failure == nil else {
            let message = "\(endpoint.errorName) closed the new connection"
            self.didFailToConnect(RedisError(code: .connectionFailed, message: message))
            return
        }
        // Replies to `AUTH` and `SELECT` do not prove that the server accepts other commands.
        handler.hasServed = false
        handler.minimumReplicas = self.configuration.minimumReplicas
        handler.leavesReplica = self.address.locator != nil
        handler.onReady = { self.assumeIsolated { $0.sendWaiting() } }
        handler.onEnd = { self.assumeIsolated { $0.didLose(channel) } }
        self.state = .connected(handler)
        self.failedAttempts = 0
        self.counters.connectionOpened(to: handler.endpoint.description)
        self.address.locator?
            .watch(ObjectIdentifier(self), to: endpoint) {
                self.onEventLoop { $0.leave(channel) }
            }
        self.sendWaiting()
    }

    /// Closes a channel, unless the connection has already replaced the channel.
    private func leave(_ channel: any Channel) {
        guard case .connected(let handler) = self.state, self.channel === channel else { return }
        handler.leave()
    }

    private func didFailToConnect(_ error: RedisError) {
        guard self.isConnecting else { return }
        self.backOff(reason: error)
        self.failedAttempts += 1
        self.counters.connectionFailed(to: self.address.description, error, failures: self.failedAttempts)
        self.waiting.fail(error)
    }

    private func didLose(_ channel: any Channel) {
        self.address.locator?.unwatch(ObjectIdentifier(self))
        guard case .connected(let handler) = self.state, self.channel === channel else { return }
        if handler.isLeaving {
            self.counters.connectionLeft(handler.endpoint.description)
        } else {
            self.counters.connectionLost(to: handler.endpoint.description, handler.failure)
        }
        // The back-off is reset only after a reply that is not an error. A server that rejects all commands counts as
        // unreachable.
        if handler.hasServed {
            self.backoff.succeed()
        }
        let reason = RedisError.lost(handler.server, cause: handler.failure)
        // Commands may be waiting for the end of a health check or of a confirmation by replicas.
        if self.backOff(reason: reason) == .zero {
            self.connect()
        } else {
            self.waiting.fail(reason)
        }
    }

    @discardableResult
    private func backOff(reason: RedisError) -> Duration {
        let delay = self.backoff.fail()
        self.state = .idle(until: self.eventLoop.now + TimeAmount(bounding: delay), reason: reason)
        return delay
    }
}
