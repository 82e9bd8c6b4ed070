// SPDX-License-Identifier: Apache-2.0

import OTP

/// A time that a process read from a primary.
struct ClockReading: Sendable, Hashable {
    /// A clock that is behind by more was set back.
    ///
    /// Half of the minute that ``StoreTime`` tolerates: a process that saw nothing of the jump measures it against a mark that is
    /// up to one interval old, up to one interval after the jump.
    static let tolerance = Duration.seconds(30)

    /// A clock may lose this fraction of the elapsed time, because two clocks never run at exactly the same speed: 1 of 1,000.
    private static let drift = 1_000

    /// The time of the server.
    var time: StoreTime

    /// The time of the process's monotonic clock before the command was sent.
    var start: Duration

    /// The time of the process's monotonic clock when the reply had arrived.
    var end: Duration

    /// Returns whether the clock was set back after a time that was read before this reading.
    func isBehind(_ mark: StoreTime) -> Bool {
        mark - self.time > Self.tolerance
    }

    /// Returns whether the clock was set back after an earlier reading of the same process.
    ///
    /// The monotonic clock measures how much time has passed since then at least, so this also detects a jump that no process
    /// saw for so long that the clock has passed the earlier time again.
    func isBehind(_ earlier: Self) -> Bool {
        let elapsed = max(.zero, self.start - earlier.end)
        return self.isBehind(earlier.time + (elapsed - elapsed / Self.drift))
    }

    /// Returns the highest time that the clock can have reached between an earlier reading of the same process and this one.
    func latest(since earlier: Self) -> StoreTime {
        let elapsed = max(.zero, self.end - earlier.start)
        return earlier.time + (elapsed + elapsed / Self.drift)
    }
}
