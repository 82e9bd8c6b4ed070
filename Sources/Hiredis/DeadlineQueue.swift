import NIOCore
import Synchronization

/// Many deadlines with one timer of an event loop.
///
/// A timer for each would be dear to cancel: the loop looks for it among all its timers. Here nearly all are cancelled.
final class DeadlineQueue: Sendable {
    private struct State: Sendable {
        var lastID: UInt64 = 0
        var entries: [UInt64: (deadline: NIODeadline, body: @Sendable () -> Void)] = [:]
        var timer: (deadline: NIODeadline, task: Scheduled<Void>)?
    }

    /// How much later than its deadline an entry may be called, so that many are called together.
    private static let grain = TimeAmount.milliseconds(2)

    private let eventLoop: any EventLoop
    private let state = Mutex(State())

    init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    /// Calls a closure when a moment has come, unless it is cancelled before.
    ///
    /// - Parameters:
    ///   - deadline: The moment.
    ///   - body: The closure; it is called on the event loop, and must not block.
    /// - Returns: A name for ``cancel(_:)``.
    func schedule(at deadline: NIODeadline, _ body: @escaping @Sendable () -> Void) -> UInt64 {
        self.state.withLock { state in
            state.lastID += 1
            state.entries[state.lastID] = (deadline, body)
            self.arm(&state, at: deadline)
            return state.lastID
        }
    }

    /// Forgets an entry, if it was not called yet.
    func cancel(_ id: UInt64) {
        // What the closure holds is let go of outside the lock.
        _ = self.state.withLock { $0.entries.removeValue(forKey: id) }
    }

    private func arm(_ state: inout State, at deadline: NIODeadline) {
        if let timer = state.timer {
            guard deadline < timer.deadline else { return }
            timer.task.cancel()
        }
        let task = self.eventLoop.scheduleTask(deadline: deadline + Self.grain) { [weak self] () -> Void in
            self?.fire()
        }
        state.timer = (deadline, task)
    }

    private func fire() {
        let now = NIODeadline.now()
        let due = self.state.withLock { state in
            state.timer = nil
            let due = state.entries.filter { $0.value.deadline <= now }
            for id in due.keys { state.entries.removeValue(forKey: id) }
            if let next = state.entries.values.map(\.deadline).min() {
                self.arm(&state, at: next)
            }
            return due
        }
        for entry in due.values { entry.body() }
    }
}
