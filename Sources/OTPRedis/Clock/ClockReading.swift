// SPDX-License-Identifier: Apache-2.0

import OTP

/// A time that this process has read from the clock of a Redis primary.
struct ClockReading: Sendable, Hashable {
    /// The maximum time by which a clock may be behind the expected time.
    ///
    /// A clock that is further behind was set back. Every change by more than one minute (``StoreTime/tolerance``) must be
    /// detected. The measured difference can be up to 20 seconds smaller than the change: twice ``ServerClock/interval``.
    /// Therefore this tolerance must be less than 60 - 20 = 40 seconds.
    static let tolerance = Duration.seconds(30)

    /// The tolerated drift between two clocks: one part in 1,000 of the elapsed time.
    private static let drift = 1_000

    /// The time of the server's clock.
    var time: StoreTime

    /// The time on the monotonic clock of this process before the command was sent.
    var start: Duration

    /// The time on the monotonic clock of this process after the reply was received.
    var end: Duration

    /// Returns whether the clock was set back after a mark was written.
    ///
    /// A mark is the highest time that any process has read from the clock. The caller must have read the mark before this
    /// reading.
    func isBehind(_ mark: StoreTime) -> Bool {
        mark - self.time > Self.tolerance
    }

    /// Returns whether the clock was set back after an earlier reading of this process.
    ///
    /// The server's clock may have fallen behind the monotonic clock of this process by at most 30 seconds, plus a thousandth
    /// of the time since the earlier reading. If the lag is larger, the server's clock was set back.
    func isBehind(_ earlier: Self) -> Bool {
        let elapsed = max(.zero, self.start - earlier.end)
        return self.isBehind(earlier.time + (elapsed - elapsed / Self.drift))
    }

    /// Returns the highest time that the server's clock can have reached since an earlier reading by this process.
    ///
    /// The period ends with this reading. The clock may have been set back in this period.
    func latest(since earlier: Self) -> StoreTime {
        let elapsed = max(.zero, self.end - earlier.start)
        return earlier.time + (elapsed + elapsed / Self.drift)
    }
}
