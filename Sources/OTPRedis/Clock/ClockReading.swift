// SPDX-License-Identifier: Apache-2.0

import OTP

/// A reading of a primary's clock by this process.
struct ClockReading: Sendable, Hashable {
    /// The maximum difference by which a clock may be behind the expected time.
    ///
    /// If the difference is larger, the clock counts as set back.
    ///
    /// Timestamps may be up to one minute in the future (``StoreTime/tolerance``), so a larger change of the clock must be
    /// detected. The measured difference can be smaller than the change by twice ``ServerClock/interval``, which is 20 seconds.
    static let tolerance = Duration.seconds(30)

    /// The tolerated drift between two clocks: one part in 1,000 of the elapsed time.
    private static let drift = 1_000

    /// The time of the server's clock.
    var time: StoreTime

    /// The time of the process's monotonic clock before the command was sent.
    var start: Duration

    /// The time of the process's monotonic clock when the reply had arrived.
    var end: Duration

    /// Returns whether the clock was set back after a mark was written.
    ///
    /// A mark is the highest time that any process has read from the clock. The mark must have been read before this reading.
    func isBehind(_ mark: StoreTime) -> Bool {
        mark - self.time > Self.tolerance
    }

    /// Returns whether the clock was set back after an earlier reading of this process.
    ///
    /// The method compares the progress of the server's clock with the progress of the monotonic clock of this process. The
    /// server's clock may lag by 30 seconds plus a thousandth of the elapsed time. A larger lag means that the clock was set
    /// back, even if the clock has passed the earlier time again.
    func isBehind(_ earlier: Self) -> Bool {
        let elapsed = max(.zero, self.start - earlier.end)
        return self.isBehind(earlier.time + (elapsed - elapsed / Self.drift))
    }

    /// Returns the highest time that the clock can have reached between an earlier reading of the same process and this
    /// reading.
    func latest(since earlier: Self) -> StoreTime {
        let elapsed = max(.zero, self.end - earlier.start)
        return earlier.time + (elapsed + elapsed / Self.drift)
    }
}
