// SPDX-License-Identifier: Apache-2.0

import OTP

/// A reading of a primary's clock by this process.
struct ClockReading: Sendable, Hashable {
    /// The difference to the expected time beyond which a clock counts as set back.
    ///
    /// ``StoreTime`` tolerates one minute, so a larger jump must be detected. The measured difference can be smaller than the
    /// jump by two intervals between checks: the mark may be one interval older than the jump, and the check may follow one
    /// interval later.
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
    /// The mark must have been read before this reading.
    func isBehind(_ mark: StoreTime) -> Bool {
        mark - self.time > Self.tolerance
    }

    /// Returns whether the clock was set back after an earlier reading of this process.
    ///
    /// The server's clock must have advanced at least as far as the monotonic clock of the process. Therefore the method also
    /// detects a jump after which the server's clock has passed the earlier time again.
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
