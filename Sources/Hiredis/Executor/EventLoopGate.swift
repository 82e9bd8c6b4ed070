// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Synchronization

/// Runs closures on an event loop, and calls a handler when the event loop has ended.
///
/// NIO drops closures that are submitted after the end of an event loop, so their callers would wait forever. Two mechanisms
/// detect the end:
///
/// - The first closure that runs on the event loop schedules a task for the distant future. This task fails when the event
///   loop ends.
///
/// - Each closure that is submitted before this task exists captures a ticket. If the closure is dropped, the deinitializer of
///   the ticket detects this.
final class EventLoopGate: Sendable {
    private enum Stage: UInt8, AtomicRepresentable {
        case unwatched
        case watched
        case ended
    }

    /// An object that detects a dropped closure.
    ///
    /// The closure captures the ticket. If the closure is destroyed before it has run, the ticket reports the end of the event
    /// loop.
    private final class Ticket: Sendable {
        private let isUsed = Atomic(false)
        private let onLoss: @Sendable () -> Void

        init(onLoss: @escaping @Sendable () -> Void) {
            self.onLoss = onLoss
        }

        deinit {
            if !self.isUsed.load(ordering: .relaxed) { self.onLoss() }
        }

        func use() {
            self.isUsed.store(true, ordering: .relaxed)
        }
    }

    /// A delay of 20 years, which is longer than any process runs.
    ///
    /// With `NIODeadline.distantFuture`, the arithmetic of the event loop would overflow.
    private static let never = TimeAmount.hours(24 * 365 * 20)

    private let eventLoop: any EventLoop
    private let stage = Atomic(Stage.unwatched)
    private let sentinel = Mutex<Scheduled<Void>?>(nil)
    private let handler = Mutex<(@Sendable () -> Void)?>(nil)

    init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    deinit {
        self.close()
    }

    /// Sets the handler for the end of the event loop.
    ///
    /// The handler is called at most once, on any thread.
    func onEnd(_ handler: @escaping @Sendable () -> Void) {
        self.handler.withLock { $0 = handler }
    }

    /// Runs a closure on the event loop, or drops the closure if the event loop has ended.
    ///
    /// If the closure is dropped, the handler for the end of the event loop is called, unless it was called before.
    func execute(_ body: @escaping @Sendable () -> Void) {
        switch self.stage.load(ordering: .acquiring) {
        case .watched:
            self.eventLoop.execute(body)
        case .ended:
            break
        case .unwatched:
            let ticket = Ticket { self.endUnwatched() }
            self.eventLoop.execute {
                ticket.use()
                if self.watch() { body() }
            }
        }
    }

    /// Stops watching the event loop.
    ///
    /// The handler is not called afterwards.
    func close() {
        self.handler.withLock { $0 = nil }
        self.sentinel.withLock { $0.take() }?.cancel()
    }

    /// Schedules the task that fails at the end of the event loop, unless the task is already scheduled.
    ///
    /// The method must be called on the event loop.
    ///
    /// - Returns: `true` if the handler will be called at the end of the event loop; `false` if the end was already reported.
    ///   After `false`, closures must not run.
    private func watch() -> Bool {
        let exchange = self.stage.compareExchange(
            expected: .unwatched,
            desired: .watched,
            ordering: .acquiringAndReleasing
        )
        guard exchange.exchanged else { return exchange.original == .watched }
        let sentinel = self.eventLoop.scheduleTask(in: Self.never) {}
        sentinel.futureResult.whenFailure { [weak self] error in
            if case .shutdown? = error as? EventLoopError { self?.end() }
        }
        self.sentinel.withLock { $0 = sentinel }
        return true
    }

    /// Reports the end of the event loop after a closure was dropped.
    ///
    /// If another closure has run in the meantime, it has scheduled a task (``watch()``) that reports the end. In this case,
    /// this method does nothing.
    private func endUnwatched() {
        let exchange = self.stage.compareExchange(
            expected: .unwatched,
            desired: .ended,
            ordering: .acquiringAndReleasing
        )
        if exchange.exchanged { self.end() }
    }

    private func end() {
        self.stage.store(.ended, ordering: .releasing)
        self.handler.withLock { $0.take() }?()
    }
}
