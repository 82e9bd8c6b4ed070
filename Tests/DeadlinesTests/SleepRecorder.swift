// SPDX-License-Identifier: Apache-2.0

import Deadlines
import OTPTesting
import Synchronization

/// A manual clock that counts sleeps, and can delay the wake-up of a task.
final class SleepRecorder: Clock {
    typealias Instant = ManualClock.Instant

    private struct State {
        var started = 0
        var ended = 0
        var time: Instant?
        var gate: Promise<Void>?
    }

    private let clock = ManualClock()
    private let state = Mutex(State())

    var minimumResolution: Duration { .zero }

    /// The time from the test, or the time of the manual clock.
    var now: Instant { self.state.withLock { $0.time } ?? self.clock.now }

    /// The number of sleeps so far.
    var started: Int { self.state.withLock { $0.started } }

    /// The number of sleeps that have not ended.
    var active: Int { self.state.withLock { $0.started - $0.ended } }

    func advance(by duration: Duration) { self.clock.advance(by: duration) }

    /// Replaces the current time without waking tasks; `nil` restores the time of the manual clock.
    func setNow(_ offset: Duration?) { self.state.withLock { $0.time = offset.map(Instant.init(offset:)) } }

    /// Delays the wake-up of the next task until the promise is fulfilled.
    func holdNext() -> Promise<Void> {
        let gate = Promise<Void>()
        self.state.withLock { $0.gate = gate }
        return gate
    }

    func sleep(until deadline: Instant, tolerance: Duration? = nil) async throws {
        let gate = self.state.withLock { state in
            state.started += 1
            return state.gate.take()
        }
        defer { self.state.withLock { $0.ended += 1 } }
        if let gate { await gate.wait() } else { try await self.clock.sleep(until: deadline) }
    }
}
