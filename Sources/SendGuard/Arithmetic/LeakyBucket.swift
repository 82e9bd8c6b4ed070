// SPDX-License-Identifier: Apache-2.0

/// A leaky bucket: events add units, and units drain with time.
///
/// At the end of each *pause*, one unit drains, and the next pause begins. The pause can double after each drained unit
/// (``Limits/doublings``). All numbers are integers, so the Lua scripts of `RedisSendLedger` compute exactly the same results.
public struct LeakyBucket: Sendable, Hashable {
    /// The highest level of a bucket, in units.
    package static let highest = 65_535

    /// The units in the bucket.
    public var level = 0

    /// The number of times that the pause has doubled.
    public var step = 0

    /// The start of the current pause, at the end of which one unit drains.
    ///
    /// While the bucket is empty, there is no pause, and the value is ignored.
    public var since = LedgerTime(seconds: 0)

    /// Creates an empty bucket.
    public init() {}

    /// Drains the units whose pauses have ended.
    mutating func drain(_ limits: Limits, at now: LedgerTime) {
        // A start that is more than a minute in the future is wrong, so the pause starts again.
        guard self.level > 0, self.since <= now + LedgerTime.tolerance else {
            self.since = now
            return
        }
        while self.level > 0, self.step < limits.doublings {
            let pause = limits.pause << self.step
            guard now - self.since >= pause else { return }
            self.since = self.since + pause
            self.level -= 1
            self.step += 1
        }
        let pause = limits.pause << self.step
        let drained = max(0, now - self.since) / pause
        if drained >= self.level {
            self.level = 0
            self.since = now
        } else {
            self.level -= drained
            self.since = self.since + drained * pause
        }
    }

    /// Returns the number of seconds until the level is below a capacity.
    ///
    /// The number assumes that no event adds or removes units. Call ``drain(_:at:)`` with the same time first.
    func wait(below capacity: Int, _ limits: Limits, at now: LedgerTime) -> Int {
        guard self.level >= capacity else { return 0 }
        var units = self.level - capacity + 1
        var step = self.step
        var wait = self.since - now
        while units > 0, step < limits.doublings {
            wait += limits.pause << step
            units -= 1
            step += 1
        }
        return wait + units * limits.pause << step
    }

    /// Adds units, up to a maximum level.
    mutating func fill(_ units: Int, upTo highest: Int = Self.highest) {
        self.level = max(self.level, min(self.level + units, highest))
    }

    /// Removes units.
    mutating func empty(_ units: Int) {
        self.level = max(0, self.level - units)
    }
}
