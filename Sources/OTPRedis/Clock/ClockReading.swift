// SPDX-License-Identifier: Apache-2.0

import OTP

/// A time that this process has read from the clock of a Redis primary.
struct ClockReading: Sendable, Hashable {
    /// The tolerated lag of a server's clock behind its expected time.
    ///
    /// If the lag is larger, the clock was set back. Every such change by more than one minute (``StoreTime/tolerance``) must
    /// be detected. The measured lag can be up to 20 seconds (twice ``ServerClock/interval``) smaller than the change.
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
    /// A mark is the highest time that any process has read from the clock, as stored in Redis. The caller must load the mark
    /// from Redis before it reads the clock.
    func isBehind(_ mark: StoreTime) -> Bool {
        mark - self.time > Self.tolerance
    }

    /// Returns whether the clock was set back after an earlier reading of this process.
    ///
    /// The method compares the server's clock with the monotonic clock of this process. The tolerated lag of the server's clock
    /// is 30 seconds, plus a thousandth of the time between the two readings. If the lag is larger, the server's clock was set
    /// back.
    func isBehind(_ earlier: Self) -> Bool {
        let elapsed = max(.zero, self.start - earlier.end)
        return self.isBehind(earlier.time + (elapsed - elapsed / Self.drift))
    }

    /// Returns an upper bound of all times that the server's clock showed since an earlier reading, until this reading.
    ///
    /// This process must have taken both readings.
    /// The bound holds even if the clock was set back in this period.
    func latest(since earlier: Self) -> StoreTime {
        let elapsed = max(.zero, self.end - earlier.start)
        return earlier.time + (elapsed + elapsed / Self.drift)
    }
}
