// SPDX-License-Identifier: Apache-2.0

import Deadlines
import NIOCore
import Synchronization

/// A queue of deadlines that share one timer of an event loop.
///
/// Most deadlines are cancelled. With a separate NIO timer for each deadline, a cancellation would take linear time in the
/// number of timers.
final class DeadlineQueue: Sendable {
    private struct State: Sendable {
        var entries = DeadlineHeap<NIODeadline, @Sendable () -> Void>()
        /// The deadline for which the timer is set or will be set.
        var timerDeadline: NIODeadline?
        var timer: Scheduled<Void>?
        var hasEnded = false

        /// Records a deadline for the timer, unless the timer already has the same or an earlier deadline.
        ///
        /// - Returns: Whether the deadline was recorded. The caller must then set the timer.
        mutating func advanceTimer(to deadline: NIODeadline) -> Bool {
            if let current = self.timerDeadline, current <= deadline { return false }
            self.timerDeadline = deadline
            return true
        }
    }

    /// The delay of the timer after the earliest deadline, so that one wake-up can serve several deadlines.
    private static let grain = TimeAmount.milliseconds(2)

    private let eventLoop: any EventLoop
    private let gate: EventLoopGate
    private let state = Mutex(State())

    init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        self.gate = EventLoopGate(eventLoop: eventLoop)
        self.gate.onEnd { [weak self] in self?.end() }
    }

    deinit {
        self.gate.close()
        self.state.withLock { $0.timer.take() }?.cancel()
    }

    /// Whether the event loop has ended.
    ///
    /// A closure that is scheduled after the end never runs.
    var hasEnded: Bool { self.state.withLock { $0.hasEnded } }

    /// Schedules a closure for a deadline.
    ///
    /// - Parameters:
    ///   - deadline: The deadline.
    ///   - body: The closure, which must not block. It runs on the event loop after the deadline. If the event loop ends
    ///     earlier, the closure runs at that time, on any thread.
    /// - Returns: The identifier for ``cancel(_:)``.
    func schedule(at deadline: NIODeadline, _ body: @escaping @Sendable () -> Void) -> UInt64 {
        let (id, mustSetTimer) = self.state.withLock { state in
            (state.entries.insert(body, at: deadline), state.advanceTimer(to: deadline))
        }
        if mustSetTimer { self.gate.execute { [weak self] in self?.setTimer() } }
        return id
    }

    /// Cancels a scheduled closure.
    ///
    /// Cancelling a closure that has already run has no effect.
    func cancel(_ id: UInt64) {
        // The closure is released after the mutex is unlocked, because the release may run the deinitializer of an object.
        _ = self.state.withLock { $0.entries.remove(id) }
    }

    /// Sets the timer to the current deadline.
    ///
    /// The method must be called on the event loop.
    private func setTimer() {
        // The deadline may have changed since the call was scheduled.
        guard let deadline = self.state.withLock({ $0.timerDeadline }) else { return }
        let timer = self.eventLoop.scheduleTask(deadline: deadline + Self.grain) { [weak self] () -> Void in
            self?.fire()
        }
        let previous = self.state.withLock { state in
            defer { state.timer = timer }
            return state.timer
        }
        previous?.cancel()
    }

    private func fire() {
        let now = NIODeadline.now()
        let due = self.state.withLock { state in
            let due = state.entries.popAll(at: now)
            state.timerDeadline = state.entries.earliest
            return due
        }
        self.setTimer()
        for body in due { body() }
    }

    private func end() {
        let entries = self.state.withLock { state in
            state.hasEnded = true
            return state.entries.removeAll()
        }
        for body in entries { body() }
    }
}
