// SPDX-License-Identifier: Apache-2.0

import JSONOutput
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The emulator's clock, which tests can move and stop.
///
/// The clock drives message timestamps, deliveries, reports, daily and per-second limits, and the expiry of credentials.
///
/// The clock has an offset from a reference clock, which is usually the clock of the system. Request dates are checked against
/// the reference clock, because clients do not follow the emulator's clock.
final class EmulatorClock: Sendable {
    /// The maximum offset from the reference clock in seconds, which is about a hundred years.
    static let range: TimeInterval = 100 * 365 * 86_400

    private struct State {
        var offset: TimeInterval = 0
        /// The time that the stopped clock shows; `nil` while the clock runs.
        var frozenAt: Date?
    }

    private let state = Mutex(State())
    private let base: @Sendable () -> Date

    /// Creates a clock that initially shows the time of a reference clock.
    init(base: @escaping @Sendable () -> Date) {
        self.base = base
    }

    /// The current time in whole milliseconds, which is the precision of message timestamps.
    ///
    /// Due times of deliveries have the same precision. A test that advances a stopped clock by the delivery delay therefore
    /// reaches the due time exactly.
    var now: Date {
        let base = self.base()
        return self.state.withLock { $0.frozenAt ?? base.addingTimeInterval($0.offset) }.inMilliseconds
    }

    /// The time of the reference clock, for the validation of request dates.
    var clientTime: Date { self.base() }

    /// Whether the clock is stopped.
    var isFrozen: Bool { self.state.withLock { $0.frozenAt != nil } }

    /// Moves the clock forward by a number of seconds.
    ///
    /// A negative number moves the clock back.
    ///
    /// The clock stays within ``range`` of the reference clock.
    func advance(by seconds: TimeInterval) {
        self.change { $0.addingTimeInterval(seconds) }
    }

    /// Sets the clock to a time.
    ///
    /// The clock stays within ``range`` of the reference clock.
    func set(to date: Date) {
        self.change { _ in date }
    }

    /// Stops the clock if `isFrozen` is `true`.
    ///
    /// Otherwise, a stopped clock continues from the time that it shows.
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

    /// Sets the clock to the time of the reference clock, and starts the clock if it was stopped.
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
