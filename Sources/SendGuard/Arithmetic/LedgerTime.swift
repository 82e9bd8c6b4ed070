// SPDX-License-Identifier: Apache-2.0

/// A timestamp of the ledger's clock, in whole seconds since 1970.
///
/// Decisions depend only on the ledger's clock, not on the clocks of the hosts.
public struct LedgerTime: Sendable, Hashable, Comparable {
    /// The maximum number of seconds by which a recorded timestamp may be in the future.
    ///
    /// After a failover, the new server's clock can be behind the old server's clock.
    package static let tolerance = 60

    package static let secondsPerDay = 86_400

    /// Seconds since 1970-01-01 00:00:00 UTC.
    public var seconds: Int

    /// Creates a timestamp.
    ///
    /// - Parameter seconds: Seconds since 1970-01-01 00:00:00 UTC, from 0 to 4,294,967,295.
    public init(seconds: Int) {
        self.seconds = seconds
    }

    /// The day in UTC, as the number of days since 1970-01-01.
    var day: Int { self.seconds / Self.secondsPerDay }

    /// The seconds until the next day in UTC begins.
    var secondsUntilNextDay: Int { Self.secondsPerDay - self.seconds % Self.secondsPerDay }

    /// Returns whether one timestamp is earlier than another.
    public static func < (left: Self, right: Self) -> Bool { left.seconds < right.seconds }

    /// Returns the timestamp that is later by a number of seconds.
    public static func + (time: Self, seconds: Int) -> Self { Self(seconds: time.seconds + seconds) }

    /// Returns the number of seconds between two timestamps.
    public static func - (later: Self, earlier: Self) -> Int { later.seconds - earlier.seconds }
}
