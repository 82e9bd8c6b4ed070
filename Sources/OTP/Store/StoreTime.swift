// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// A timestamp of the store's clock, in milliseconds since 1970.
///
/// All decisions about limits and lifetimes use this clock, because the clocks of hosts differ.
public struct StoreTime: Sendable, Hashable, Comparable {
    /// The maximum time by which a recorded timestamp may be in the future.
    ///
    /// After a failover, the new server's clock may be behind the old server's clock. A timestamp beyond the tolerance is from
    /// a wrong clock, and is ignored. Otherwise a timestamp far in the future could lock a number for a long time.
    package static let tolerance = Duration.seconds(60)

    /// Returns the maximum time until the expiry of a proof, the signed result of a successful verification.
    ///
    /// If the expiry of a proof is further in the future, the proof was created with a wrong clock.
    ///
    /// - Parameter lifetime: The time for which a proof can be redeemed, clamped to 0–600 seconds.
    /// - Returns: The lifetime, plus one minute for differences between clocks.
    public static func longestRemainder(ofProofWith lifetime: Duration) -> Duration {
        min(max(lifetime, .zero), OTPLimits.longestLifetime) + Self.tolerance
    }

    /// The time for which a store remembers a revocation of device tokens.
    ///
    /// This time is the longest lifetime of a device token in any policy, plus the tolerance.
    package static let longestLifetimeOfARevocation = OTPPolicy.longestDeviceTokenLifetime + Self.tolerance

    /// The number of milliseconds since 1970-01-01 00:00:00 UTC.
    public var milliseconds: Int64

    /// Creates a timestamp.
    ///
    /// - Parameter milliseconds: The number of milliseconds since 1970-01-01 00:00:00 UTC.
    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// Creates a timestamp from a date.
    ///
    /// A date out of range becomes the nearest timestamp. A date that is not a number becomes 0.
    init(clamping date: Date) {
        let milliseconds = (date.timeIntervalSince1970 * 1000).rounded()
        // The upper bound is later than every date of a service, and prevents an overflow.
        self.milliseconds = milliseconds.isNaN ? 0 : Int64(min(max(milliseconds, 0), 1e15))
    }

    /// The timestamp as a date.
    public var date: Date { Date(timeIntervalSince1970: Double(self.milliseconds) / 1000) }

    /// Returns whether one timestamp is earlier than another.
    public static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }

    /// Returns a timestamp plus a duration.
    public static func + (time: Self, duration: Duration) -> Self {
        Self(milliseconds: time.milliseconds + duration.milliseconds)
    }

    /// Returns the duration between two timestamps.
    public static func - (later: Self, earlier: Self) -> Duration {
        .milliseconds(later.milliseconds - earlier.milliseconds)
    }
}

extension Duration {
    /// The number of whole milliseconds in the duration.
    package var milliseconds: Int64 {
        let (seconds, attoseconds) = self.components
        return seconds * 1000 + attoseconds / 1_000_000_000_000_000
    }
}
