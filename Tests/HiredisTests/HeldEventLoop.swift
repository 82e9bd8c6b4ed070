// SPDX-License-Identifier: Apache-2.0

import Dispatch
import NIOCore
import NIOEmbedded
import Synchronization

/// An event loop that queues closures until the test runs or drops them.
///
/// Use the event loop on one thread only.
final class HeldEventLoop: EventLoop {
    typealias Closure = @Sendable () -> Void

    /// The event loop that provides the time and the scheduled tasks.
    let clock = EmbeddedEventLoop()

    private let held = Mutex<[Closure]>([])
    private let ends = Mutex<[Closure]>([])
    private let cancellations = Mutex(0)

    /// The number of scheduled tasks that were cancelled.
    var cancellationCount: Int { self.cancellations.withLock { $0 } }

    /// Removes and returns the queued closures, in order.
    func take() -> [Closure] {
        self.held.withLock { held in
            defer { held = [] }
            return held
        }
    }

    /// Fails the scheduled tasks, like an event loop that is shut down.
    func failScheduledTasks() {
        let ends = self.ends.withLock { ends in
            defer { ends = [] }
            return ends
        }
        for end in ends { end() }
    }

    // MARK: EventLoop

    var inEventLoop: Bool { true }

    @preconcurrency func execute(_ task: @escaping @Sendable () -> Void) {
        self.held.withLock { $0.append(task) }
    }

    @preconcurrency func scheduleTask<T>(
        deadline: NIODeadline,
        _ task: @escaping @Sendable () throws -> T
    ) -> Scheduled<T> {
        let promise = self.clock.makePromise(of: T.self)
        let inner = self.clock.scheduleTask(deadline: deadline) {
            promise.assumeIsolated().completeWith(Result { try task() })
        }
        self.ends.withLock { $0.append { promise.fail(EventLoopError.shutdown) } }
        let cancel: @Sendable () -> Void = {
            self.cancellations.withLock { $0 += 1 }
            inner.cancel()
        }
        return Scheduled(promise: promise, cancellationTask: cancel)
    }

    @preconcurrency func scheduleTask<T>(
        in delay: TimeAmount,
        _ task: @escaping @Sendable () throws -> T
    ) -> Scheduled<T> {
        self.scheduleTask(deadline: self.clock.now + delay, task)
    }

    @preconcurrency func shutdownGracefully(
        queue: DispatchQueue,
        _ callback: @escaping @Sendable ((any Error)?) -> Void
    ) {
        self.failScheduledTasks()
        queue.async { callback(nil) }
    }
}
