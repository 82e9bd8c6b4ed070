// SPDX-License-Identifier: Apache-2.0

import Deadlines
import ServiceLifecycle
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A loop that runs work after each signal, and whenever the work is due on the emulator's clock.
final class WorkLoop: Sendable {
    private let clock: EmulatorClock
    private let signals: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init(clock: EmulatorClock) {
        self.clock = clock
        // Pending signals coalesce into one.
        (self.signals, self.continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Requests an immediate run of the work, for example because the clock was moved.
    func signal() { self.continuation.yield() }

    /// Runs the work immediately, and again after each signal and at each due time.
    ///
    /// The method returns when the server shuts down or the task is cancelled.
    ///
    /// - Parameter work: The work, which returns its next due time, or `nil` if nothing is pending.
    func run(_ work: () async -> Date?) async {
        let timers = Timers.continuous
        var timer: Timers.ID?
        defer { if let timer { timers.cancel(timer) } }
        self.signal()
        for await _ in self.signals.cancelOnGracefulShutdown() {
            if let previous = timer.take() { timers.cancel(previous) }
            guard let due = await work(), !self.clock.isFrozen else { continue }
            let delay = min(max(due.timeIntervalSince(self.clock.now), 0), EmulatorClock.range)
            timer = timers.set(after: .seconds(delay)) { self.signal() }
        }
    }
}
