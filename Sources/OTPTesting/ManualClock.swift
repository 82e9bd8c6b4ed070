// SPDX-License-Identifier: Apache-2.0

import Deadlines
import Synchronization

/// A clock that advances only when a test moves it.
///
/// A test waits until the expected task sleeps, and then moves the clock to the deadline of that task:
///
/// ```swift
/// async let result = operation(on: clock)
/// try await clock.waitForSleepers(1)
/// clock.advanceToNextSleeper()
/// ```
public final class ManualClock: Clock {
    /// An instant of a manual clock.
    public struct Instant: InstantProtocol {
        /// The time since the start of the clock.
        public var offset: Duration

        /// Creates an instant.
        ///
        /// - Parameter offset: The time since the start of the clock.
        public init(offset: Duration) {
            self.offset = offset
        }

        /// Returns the instant plus a duration.
        public func advanced(by duration: Duration) -> Self { Self(offset: self.offset + duration) }

        /// Returns the duration until another instant.
        public func duration(to other: Self) -> Duration { other.offset - self.offset }

        /// Returns whether one instant is earlier than another.
        public static func < (left: Self, right: Self) -> Bool { left.offset < right.offset }
    }

    private struct Observer {
        var count: Int
        var promise: Promise<Result<Void, CancellationError>>
    }

    private struct State {
        var now = Instant(offset: .zero)
        var sleepers = DeadlineHeap<Instant, Promise<Result<Void, CancellationError>>>()
        /// The tasks that wait in ``waitForSleepers(_:)``.
        var observers: [UInt64: Observer] = [:]
        var lastObserver: UInt64 = 0
    }

    private let state = Mutex(State())

    /// Creates a clock at offset zero.
    public init() {}

    /// The current instant.
    public var now: Instant { self.state.withLock { $0.now } }

    /// Zero, because the clock can be moved by any duration.
    public var minimumResolution: Duration { .zero }

    /// The number of tasks that sleep on the clock.
    public var sleeperCount: Int { self.state.withLock { $0.sleepers.count } }

    /// The earliest deadline of the sleeping tasks; `nil` if no task sleeps.
    public var nextDeadline: Instant? { self.state.withLock { $0.sleepers.earliest } }

    /// Suspends until a given number of tasks sleep on the clock at the same time.
    ///
    /// - Parameter count: The number of tasks.
    /// - Throws: `CancellationError` if the waiting task is cancelled.
    public func waitForSleepers(_ count: Int) async throws {
        let promise = Promise<Result<Void, CancellationError>>()
        let id = self.state.withLock { state -> UInt64? in
            guard state.sleepers.count < count else { return nil }
            state.lastObserver += 1
            state.observers[state.lastObserver] = Observer(count: count, promise: promise)
            return state.lastObserver
        }
        guard let id else { return try Task.checkCancellation() }
        let result = await promise.wait(ifCancelled: .failure(CancellationError()))
        self.state.withLock { $0.observers[id] = nil }
        try result.get()
    }

    /// Moves the clock forward, and wakes the tasks whose deadline has passed.
    ///
    /// - Parameter duration: The duration, which must not be negative.
    public func advance(by duration: Duration) {
        let due = self.state.withLock { state in
            state.now = state.now.advanced(by: duration)
            return state.sleepers.popAll(at: state.now)
        }
        for sleeper in due { sleeper.fulfill(with: .success(())) }
    }

    /// Moves the clock to the earliest deadline, and wakes the tasks with that deadline.
    ///
    /// - Returns: Whether a task was sleeping. If not, the clock does not move.
    @discardableResult
    public func advanceToNextSleeper() -> Bool {
        guard let deadline = self.nextDeadline else { return false }
        self.advance(by: max(.zero, self.now.duration(to: deadline)))
        return true
    }

    /// Suspends until the clock has reached a deadline.
    ///
    /// - Parameters:
    ///   - deadline: The deadline.
    ///   - tolerance: Ignored.
    /// - Throws: `CancellationError` if the task is cancelled.
    public func sleep(until deadline: Instant, tolerance: Duration? = nil) async throws {
        let sleeper = Promise<Result<Void, CancellationError>>()
        let (id, observers) = self.state.withLock { state -> (UInt64?, [Observer]) in
            guard deadline > state.now else { return (nil, []) }
            let id = state.sleepers.insert(sleeper, at: deadline)
            let count = state.sleepers.count
            return (id, state.observers.values.filter { $0.count <= count })
        }
        for observer in observers { observer.promise.fulfill(with: .success(())) }
        guard let id else { return try Task.checkCancellation() }
        let result = await withTaskCancellationHandler {
            await sleeper.wait()
        } onCancel: {
            _ = self.state.withLock { $0.sleepers.remove(id) }
            sleeper.fulfill(with: .failure(CancellationError()))
        }
        try result.get()
    }
}
