// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Synchronization

/// The methods that move commands from the outbox to the channel.
extension RedisConnection {
    func flushOutbox() {
        self.dispatch(self.outbox.withLock { $0.take() })
    }

    /// Fails all commands whose callers were cancelled since the last sweep, in one pass over the commands.
    func sweep() {
        var (cancellations, batch) = self.outbox.withLock { $0.takeCancellations() }
        let load = self.counters.load
        let server = self.address.errorName
        var scanned = batch.abandon(&cancellations, server: server, countedIn: load)
        scanned += self.waiting.abandon(&cancellations, server: server, countedIn: load)
        if self.waiting.isMostlyAbandoned { self.waiting.dropAbandoned() }
        if case .connected(let handler) = self.state {
            scanned += handler.abandon(&cancellations)
        }
        self.counters.didScan(commands: scanned)
        self.dispatch(batch)
    }

    private func dispatch(_ batch: consuming CommandBatch) {
        batch.dropAbandoned()
        guard !batch.isEmpty else { return }
        let now = self.eventLoop.now
        batch.setDeadline(now + TimeAmount(bounding: self.configuration.commandTimeout))
        switch self.state {
        case .connected(let handler):
            if self.needsHealthCheck(handler, at: now) {
                self.wait(batch)
                self.checkHealth(handler, at: now)
                self.siblings.checkHealth(except: self)
            } else if handler.acceptsCommands {
                self.lastUse = now
                handler.send(batch)
            } else {
                self.wait(batch)
            }
        case .connecting:
            self.wait(batch)
        case .idle(let until, let reason):
            if let reason, now < until {
                batch.fail(reason)
            } else {
                self.wait(batch)
                self.connect()
            }
        case .closed:
            batch.fail(self.closure)
        }
    }

    /// Returns whether the connection was idle for so long that a NAT gateway may have dropped it.
    func needsHealthCheck(_ handler: RedisChannelHandler, at now: NIODeadline) -> Bool {
        now - self.lastUse > self.longestIdleTime && handler.isIdle && handler.acceptsCommands
    }

    func checkHealth(_ handler: RedisChannelHandler, at now: NIODeadline) {
        self.lastUse = now
        // A quarter of the command timeout leaves enough time for a new connection.
        let timeout = self.configuration.healthCheckTimeout ?? self.configuration.commandTimeout / 4
        handler.checkHealth(deadline: now + TimeAmount(bounding: timeout))
    }

    private func wait(_ batch: consuming CommandBatch) {
        self.waiting.append(batch)
        self.armWaitingTimer()
    }

    private func armWaitingTimer() {
        guard self.waitingTimer == nil, let oldest = self.waiting.commands.first else { return }
        self.waitingTimer = self.eventLoop.scheduleTask(deadline: oldest.deadline) {
            self.assumeIsolated { connection in
                connection.waitingTimer = nil
                connection.expireWaiting(at: connection.eventLoop.now)
                connection.armWaitingTimer()
            }
        }
    }

    private func expireWaiting(at now: NIODeadline) {
        self.waiting.expire(at: now, with: .notWritten(to: self.address.errorName))
    }

    /// Writes the waiting commands in one batch.
    func sendWaiting() {
        guard case .connected(let handler) = self.state else { return }
        self.waitingTimer?.cancel()
        self.waitingTimer = nil
        if self.configuration.minimumReplicas > 0 {
            // A confirmation by replicas takes time. A command close to its deadline is therefore not sent, because its outcome
            // would probably be unknown.
            let least = TimeAmount(bounding: self.configuration.commandTimeout * 2 / 5)
            self.expireWaiting(at: self.eventLoop.now + least)
        }
        self.waiting.dropAbandoned()
        let batch = self.waiting
        self.waiting = CommandBatch()
        self.lastUse = self.eventLoop.now
        handler.send(batch)
    }
}
