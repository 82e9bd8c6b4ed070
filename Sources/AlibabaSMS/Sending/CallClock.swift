// SPDX-License-Identifier: Apache-2.0

import Deadlines
import SMSKit

/// The clock of a client's timeouts, back-offs and rate limits, in durations since the client was created.
struct CallClock: Sendable {
    let now: @Sendable () -> Duration
    let sleep: @Sendable (_ until: Duration) async throws -> Void
    let timers: Timers

    /// - Parameters:
    ///   - clock: The clock.
    ///   - timers: The timers of deadlines; by default timers on `clock`.
    init<C: Clock>(_ clock: C, timers: Timers? = nil) where C.Duration == Duration {
        let origin = clock.now
        self.now = { origin.duration(to: clock.now) }
        self.sleep = { try await clock.sleep(until: origin.advanced(by: $0), tolerance: nil) }
        // The process shares one timer task for its own clock.
        self.timers = timers ?? (clock is ContinuousClock ? .continuous : Timers(clock: clock))
    }
}
