import Synchronization

/// Calls back when a time has come, with one sleeping task for all who wait.
///
/// A task that sleeps stays with the runtime until its time even if it is cancelled. With a deadline of seconds on each of
/// thousands of calls in a second, those would be most of what the process keeps.
@usableFromInline package final class Alarms: Sendable {
    /// One callback, for ``cancel(_:)``.
    @usableFromInline package typealias ID = UInt64

    private struct State {
        /// In the order of their times; those before `head` are done with.
        var queue: [(time: Duration, id: ID)] = []
        var head = 0
        var callbacks: [ID: @Sendable () -> Void] = [:]
        var lastID: ID = 0
        var sleeper: (until: Duration, task: Task<Void, Never>)?

        mutating func dropCancelled() {
            while self.head < self.queue.count, self.callbacks[self.queue[self.head].id] == nil { self.head += 1 }
            guard self.head > 64, self.head > self.queue.count / 2 else { return }
            self.queue.removeFirst(self.head)
            self.head = 0
        }
    }

    /// Those of the process, by the clock that goes on while the machine sleeps.
    @usableFromInline package static let continuous = Alarms(clock: ContinuousClock())

    private let state = Mutex(State())
    private let now: @Sendable () -> Duration
    private let sleep: @Sendable (_ until: Duration) async throws -> Void

    package init<C: Clock>(clock: C) where C.Duration == Duration {
        let origin = clock.now
        self.now = { origin.duration(to: clock.now) }
        self.sleep = { try await clock.sleep(until: origin.advanced(by: $0), tolerance: nil) }
    }

    /// Has a closure called once, unless it is cancelled before.
    @usableFromInline package func set(after duration: Duration, _ callback: @escaping @Sendable () -> Void) -> ID {
        let time = self.now() + duration
        return self.state.withLock { state in
            state.lastID += 1
            let id = state.lastID
            state.callbacks[id] = callback
            var place = state.queue.count
            while place > state.head, state.queue[place - 1].time > time { place -= 1 }
            state.queue.insert((time, id), at: place)
            if let sleeper = state.sleeper {
                guard time < sleeper.until else { return id }
                sleeper.task.cancel()
            }
            state.sleeper = (time, Task { await self.sleep(until: time) })
            return id
        }
    }

    /// Takes a callback back; one that has been called is no error.
    @usableFromInline package func cancel(_ id: ID) {
        let callback = self.state.withLock { state in
            defer { state.dropCancelled() }
            return state.callbacks.removeValue(forKey: id)
        }
        // What it holds is let go of here, outside the lock.
        _ = callback
    }

    private func sleep(until time: Duration) async {
        do {
            try await self.sleep(time)
        } catch {
            // Somebody else sleeps, for less long.
            return
        }
        let due = self.state.withLock { state -> [@Sendable () -> Void] in
            var due: [@Sendable () -> Void] = []
            let now = self.now()
            while state.head < state.queue.count, state.queue[state.head].time <= now {
                if let callback = state.callbacks.removeValue(forKey: state.queue[state.head].id) {
                    due.append(callback)
                }
                state.head += 1
            }
            state.dropCancelled()
            state.sleeper = nil
            if state.head < state.queue.count {
                let next = state.queue[state.head].time
                state.sleeper = (next, Task { await self.sleep(until: next) })
            }
            return due
        }
        for callback in due { callback() }
    }
}
