// SPDX-License-Identifier: Apache-2.0

import Deadlines
import SMSKit

/// The clock for a client's timeouts, back-offs and rate limits.
///
/// Times are durations since the client was created.
struct CallClock: Sendable {
    let now: @Sendable () -> Duration
    let sleep: @Sendable (_ until: Duration) async throws -> Void
    let timers: Timers

    /// Creates a clock that starts at zero.
    ///
    /// - Parameters:
    ///   - clock: The clock that measures the time.
    ///   - timers: The timers for deadlines; by default timers on `clock`.
    init<C: Clock>(_ clock: C, timers: Timers? = nil) where C.Duration == Duration {
        let origin = clock.now
        self.now = { origin.duration(to: clock.now) }
        self.sleep = { try await clock.sleep(until: origin.advanced(by: $0), tolerance: nil) }
        // The process shares one timer task for the continuous clock.
        self.timers = timers ?? (clock is ContinuousClock ? .continuous : Timers(clock: clock))
    }
}
