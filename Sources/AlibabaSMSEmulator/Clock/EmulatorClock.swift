import FoundationEssentials
import JSONOutput
import Synchronization

/// The emulator's clock, which can be moved and stopped.
///
/// By it messages are stamped, delivered and reported on, days and seconds are counted, and temporary credentials end.
/// The dates of requests are judged by the time that it goes with, so that a moved clock locks nobody out.
final class EmulatorClock: Sendable {
    /// How far the clock may be moved from the time that it goes with: a hundred years.
    static let range: TimeInterval = 100 * 365 * 86_400

    private struct State {
        var offset: TimeInterval = 0
        /// The time at which the clock stands.
        var frozenAt: Date?
    }

    private let state = Mutex(State())
    private let base: @Sendable () -> Date

    /// Creates a clock that goes with another one.
    init(base: @escaping @Sendable () -> Date) {
        self.base = base
    }

    /// The time in whole milliseconds, as messages are stamped: what is due at a time must be due when it is that time.
    var now: Date {
        let base = self.base()
        return self.state.withLock { $0.frozenAt ?? base.addingTimeInterval($0.offset) }.inMilliseconds
    }

    /// The time of clients, which is not moved.
    var clientTime: Date { self.base() }

    /// Whether the clock stands.
    var isFrozen: Bool { self.state.withLock { $0.frozenAt != nil } }

    /// Moves the clock by some seconds, backwards if they are negative, and no further than its range.
    func advance(by seconds: TimeInterval) {
        self.change { $0.addingTimeInterval(seconds) }
    }

    /// Sets the clock, no further than its range.
    func set(to date: Date) {
        self.change { _ in date }
    }

    /// Stops the clock, or lets it go on from where it stands.
    func freeze(_ isFrozen: Bool = true) {
        let base = self.base()
        self.state.withLock { state in
            if isFrozen {
                state.frozenAt = state.frozenAt ?? base.addingTimeInterval(state.offset)
            } else if let date = state.frozenAt {
                state = State(offset: date.timeIntervalSince(base))
            }
        }
    }

    /// Lets the clock go with the other one again.
    func reset() {
        self.state.withLock { $0 = State() }
    }

    private func change(_ time: (Date) -> Date) {
        let base = self.base()
        self.state.withLock { state in
            let present = state.frozenAt ?? base.addingTimeInterval(state.offset)
            let offset = time(present).timeIntervalSince(base)
            state.offset = min(max(offset, -Self.range), Self.range)
            if state.frozenAt != nil { state.frozenAt = base.addingTimeInterval(state.offset) }
        }
    }
}
