// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Timers that share one sleeping task.
///
/// The Swift runtime keeps a sleeping task in memory until its deadline, even if the task is cancelled. One sleeping task per
/// timer would therefore need too much memory.
@usableFromInline package final class Timers: Sendable {
    /// The identifier of a timer for ``cancel(_:)``.
    @usableFromInline package typealias ID = UInt64

    private struct State {
        var callbacks = DeadlineHeap<Duration, @Sendable () -> Void>()
        var sleeper: (until: Duration, number: UInt64, task: Task<Void, Never>)?
        var sleeperCount: UInt64 = 0
    }

    /// The shared timers of the process.
    ///
    /// Their clock advances while the machine sleeps.
    @usableFromInline package static let continuous = Timers(clock: ContinuousClock())

    private let state = Mutex(State())
    private let now: @Sendable () -> Duration
    private let sleep: @Sendable (_ until: Duration) async throws -> Void

    /// Creates timers.
    package init<C: Clock>(clock: C) where C.Duration == Duration {
        let origin = clock.now
        self.now = { origin.duration(to: clock.now) }
        self.sleep = { try await clock.sleep(until: origin.advanced(by: $0), tolerance: nil) }
    }

    /// Sets a timer, which calls a closure once after a duration unless the timer is cancelled.
    ///
    /// - Parameters:
    ///   - duration: The time until the call.
    ///   - callback: The closure, which must not block.
    /// - Returns: The identifier of the timer.
    @usableFromInline package func set(after duration: Duration, _ callback: @escaping @Sendable () -> Void) -> ID {
        let time = self.now() + duration
        return self.state.withLock { state in
            let id = state.callbacks.insert(callback, at: time)
            self.startSleeper(&state)
            return id
        }
    }

    /// Cancels a timer.
    ///
    /// Cancelling a timer that has already fired has no effect.
    @usableFromInline package func cancel(_ id: ID) {
        // The closure is released outside the lock, because the release may run the deinitializer of an object.
        _ = self.state.withLock { $0.callbacks.remove(id) }
    }

    /// Ensures that a task sleeps at most until the earliest deadline.
    private func startSleeper(_ state: inout State) {
        guard let earliest = state.callbacks.earliest else { return }
        if let sleeper = state.sleeper {
            guard earliest < sleeper.until else { return }
            sleeper.task.cancel()
        }
        state.sleeperCount += 1
        let number = state.sleeperCount
        // A detached task does not inherit the priority and the task-local values of the caller.
        let task = Task.detached { await self.fire(at: earliest, asSleeper: number) }
        state.sleeper = (earliest, number, task)
    }

    private func fire(at time: Duration, asSleeper number: UInt64) async {
        do {
            try await self.sleep(time)
        } catch {
            // The task was cancelled, because another task sleeps until an earlier deadline.
            return
        }
        let due = self.state.withLock { state in
            let due = state.callbacks.popAll(at: self.now())
            // If the task was cancelled after its sleep, a newer task has already replaced it.
            if state.sleeper?.number == number {
                state.sleeper = nil
                self.startSleeper(&state)
            }
            return due
        }
        for callback in due { callback() }
    }
}
