import Deadlines
import NIOCore
import Synchronization

/// Many deadlines with one timer of an event loop.
///
/// Cancelling a NIO timer is linear in the number of timers, and almost every deadline is cancelled, so all share one timer.
final class DeadlineQueue: Sendable {
    private struct State: Sendable {
        var entries = DeadlineHeap<NIODeadline, @Sendable () -> Void>()
        /// The deadline for which the timer is set or about to be set.
        var alarm: NIODeadline?
        var timer: Scheduled<Void>?
        var hasEnded = false

        /// Moves the alarm to a deadline, and returns whether the timer must be set.
        mutating func advanceAlarm(to deadline: NIODeadline) -> Bool {
            if let alarm = self.alarm, alarm <= deadline { return false }
            self.alarm = deadline
            return true
        }
    }

    /// How much later than its deadline an entry may be called, so that many are called together.
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

    /// Whether the event loop has ended, so that no deadline is noticed any more.
    var hasEnded: Bool { self.state.withLock { $0.hasEnded } }

    /// Calls a closure when a moment has come, unless it is cancelled before.
    ///
    /// - Parameters:
    ///   - deadline: The moment.
    ///   - body: The closure. It is called on the event loop, or early if the loop ends, and must not block.
    /// - Returns: The identifier for ``cancel(_:)``.
    func schedule(at deadline: NIODeadline, _ body: @escaping @Sendable () -> Void) -> UInt64 {
        let (id, mustSetTimer) = self.state.withLock { state in
            (state.entries.insert(body, at: deadline), state.advanceAlarm(to: deadline))
        }
        if mustSetTimer { self.gate.execute { [weak self] in self?.setTimer() } }
        return id
    }

    /// Forgets an entry, if it was not called yet.
    func cancel(_ id: UInt64) {
        // The closure may hold the last reference to something, which is then released outside the lock.
        _ = self.state.withLock { $0.entries.remove(id) }
    }

    /// Sets the timer for the alarm; called on the loop.
    private func setTimer() {
        // Requests of several threads may come in another order than they moved the alarm, so none brings its own deadline.
        guard let alarm = self.state.withLock({ $0.alarm }) else { return }
        let timer = self.eventLoop.scheduleTask(deadline: alarm + Self.grain) { [weak self] () -> Void in
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
            state.alarm = state.entries.earliest
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
