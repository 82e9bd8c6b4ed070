import Deadlines
import Synchronization

/// A clock that stands still until a test moves it.
public final class ManualClock: Clock {
    /// A moment of a manual clock, counted from the clock's start.
    public struct Instant: InstantProtocol {
        /// The time since the clock's start.
        public var offset: Duration

        /// The moment that is later by a duration.
        public func advanced(by duration: Duration) -> Self { Self(offset: self.offset + duration) }

        /// The time until another moment.
        public func duration(to other: Self) -> Duration { other.offset - self.offset }

        /// Whether one moment is earlier than another.
        public static func < (left: Self, right: Self) -> Bool { left.offset < right.offset }
    }

    private struct State {
        var now = Instant(offset: .zero)
        var sleepers = DeadlineHeap<Instant, Promise<Result<Void, CancellationError>>>()
    }

    private let state = Mutex(State())

    /// Creates a clock at its start.
    public init() {}

    /// The present moment.
    public var now: Instant { self.state.withLock { $0.now } }

    /// The smallest step: zero, since the clock moves only when told.
    public var minimumResolution: Duration { .zero }

    /// The number of tasks that sleep on the clock, for a test that waits until one does.
    public var sleeperCount: Int { self.state.withLock { $0.sleepers.count } }

    /// Moves the clock and wakes those whose time has come.
    ///
    /// - Parameter duration: How far; zero or more.
    public func advance(by duration: Duration) {
        let due = self.state.withLock { state in
            state.now = state.now.advanced(by: duration)
            return state.sleepers.popAll(at: state.now)
        }
        for sleeper in due { sleeper.fulfill(with: .success(())) }
    }

    /// Waits until the clock has been moved to a moment.
    ///
    /// - Parameters:
    ///   - deadline: The moment.
    ///   - tolerance: Not used.
    /// - Throws: `CancellationError` if the task is cancelled.
    public func sleep(until deadline: Instant, tolerance: Duration? = nil) async throws {
        let sleeper = Promise<Result<Void, CancellationError>>()
        let id = self.state.withLock { state -> UInt64? in
            deadline > state.now ? state.sleepers.insert(sleeper, at: deadline) : nil
        }
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
