public import Foundation

/// A moment as the store tells it, in milliseconds since 1970.
///
/// Every decision about limits and lives uses the store's clock, so that hosts whose clocks differ decide alike.
public struct StoreTime: Sendable, Hashable, Comparable {
    /// How far ahead of the present a recorded time may lie, since clocks of servers that follow each other differ.
    ///
    /// One that lies further ahead comes from a clock that was wrong and is put right. It counts no more: otherwise numbers
    /// would be shut out for as long as the clock was ahead.
    package static let tolerance = Duration.seconds(60)

    /// The longest time that a proof can have left, unless it was made by a clock that was wrong.
    ///
    /// - Parameter lifetime: How long a proof can be redeemed. A value below 0 counts as 0, one above 600 seconds as 600 seconds.
    /// - Returns: That lifetime and the tolerance.
    package static func longestRemainder(ofProofWith lifetime: Duration) -> Duration {
        min(max(lifetime, .zero), OTPLimits.longestLifetime) + Self.tolerance
    }

    /// Milliseconds since 1970-01-01 00:00:00 UTC.
    public var milliseconds: Int64

    /// Creates a moment.
    ///
    /// - Parameter milliseconds: Milliseconds since 1970-01-01 00:00:00 UTC.
    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// The moment as a date.
    public var date: Date { Date(timeIntervalSince1970: Double(self.milliseconds) / 1000) }

    /// Whether one moment is earlier than another.
    public static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }

    /// The moment that is later by a duration.
    public static func + (time: Self, duration: Duration) -> Self {
        Self(milliseconds: time.milliseconds + duration.milliseconds)
    }

    /// The time from one moment to another.
    public static func - (later: Self, earlier: Self) -> Duration {
        .milliseconds(later.milliseconds - earlier.milliseconds)
    }
}

extension Duration {
    /// The whole milliseconds in a duration.
    package var milliseconds: Int64 {
        let (seconds, attoseconds) = self.components
        return seconds * 1000 + attoseconds / 1_000_000_000_000_000
    }
}
