// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Synchronization

/// The methods that end the connection after a shutdown, or when the event loop ends.
extension RedisConnection {
    /// Fails all commands, and returns when the connection has ended.
    ///
    /// Call ``close()`` first.
    nonisolated func shutdown() async {
        await withCheckedContinuation { caller in
            if self.outbox.withLock({ $0.wait(caller) }) {
                self.onEventLoop { $0.stop() }
            } else {
                caller.resume()
            }
        }
    }

    private func stop() {
        self.fail(.clientClosed)
        let connecting = self.connecting ?? self.eventLoop.makeSucceededVoidFuture()
        connecting.whenComplete { _ in
            self.assumeIsolated { connection in
                let closed = connection.channel?.closeFuture ?? connection.eventLoop.makeSucceededVoidFuture()
                closed.whenComplete { _ in self.finish() }
            }
        }
    }

    private nonisolated func finish() {
        self.gate.close()
        for caller in self.outbox.withLock({ $0.finish() }) { caller.resume() }
    }

    func fail(_ error: RedisError) {
        var unwritten = self.outbox.withLock { $0.take() }
        self.state = .closed
        self.waitingTimer?.cancel()
        self.waitingTimer = nil
        self.waiting.fail(error)
        unwritten.fail(error)
        self.lookup.take()?.fail(error)
        self.endChannel()
    }

    /// Fails all commands, because closures no longer run on the event loop.
    ///
    /// The method is usually called in the last tick of the event loop. If the event loop ended before it ran any closure of
    /// this connection, the method may be called on another thread.
    nonisolated func eventLoopDidEnd() {
        var unwritten = self.outbox.withLock { $0.end(.eventLoopEnded) }
        unwritten.fail(.eventLoopEnded)
        if self.eventLoop.inEventLoop {
            self.assumeIsolated { $0.fail(.eventLoopEnded) }
        }
        self.finish()
    }

    func endChannel() {
        guard let channel = self.channel else { return }
        Self.handler(of: channel)?.end(.clientClosed)
        channel.close(promise: nil)
    }
}
