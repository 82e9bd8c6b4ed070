// SPDX-License-Identifier: Apache-2.0

/// The limits of one phone number, in a form that a store can use without further checks.
///
/// A store accepts a wider range than a policy:
///
/// | limit | range in a store | range in a policy |
/// |---|---|---|
/// | `lifetime` | 1 ms to 600 s | 60 s to 600 s |
/// | `attemptsPerCode` | 1 to 31 | 1 to 10 |
/// | `attemptsPerChallenge` | 1 to 31 | 1 to 20, and no less than `attemptsPerCode` |
/// | `sendsPerChallenge` | 1 to 255 | 1 to 5 |
/// | number of waits in `cooldown` or `refusedCooldown` | 1 to 16 | 1 to 16 |
/// | each wait in `cooldown` or `refusedCooldown` | 0 s to 400 days | 1 s to 1 day |
/// | `cooldownReset` | 1 ms to 400 days | 60 s to 7 days, and no less than the longest wait of `cooldown` |
/// | number of windows in `sends` | 1 to 8 | 1 to 8 |
/// | events per window in `sends` | 1 to 1,000 | 1 to 200 |
/// | length of a window in `sends` | 1 ms to 400 days | 1 s to 400 days |
/// | number of windows in `failures` | 1 to 8 | 1 to 8 |
/// | events per window in `failures` | 1 to 255 | 1 to 200 |
/// | length of a window in `failures` | 1 ms to 400 days | 1 s to 400 days |
/// | `consecutiveFailures` | 1 to 255 | 1 to 100 |
/// | `consecutiveFailuresRetention` | 1 ms to 400 days | 30 days to 400 days |
///
/// All durations are whole milliseconds.
@dynamicMemberLookup
public struct StoreLimits: Sendable, Hashable {
    private final class Storage: Sendable {
        let limits: OTPLimits
        let hash: Int

        init(_ limits: OTPLimits) {
            self.limits = limits
            self.hash = limits.hashValue
        }
    }

    private static let standard = Storage(OTPLimits())

    private let storage: Storage

    /// Creates the default limits.
    public init() {
        self.storage = Self.standard
    }

    /// Creates limits, and checks their ranges.
    ///
    /// - Parameter limits: The limits.
    /// - Throws: ``OTPConfigurationError`` with the name of the first limit that is out of range.
    public init(_ limits: OTPLimits) throws(OTPConfigurationError) {
        try limits.check(.store)
        self.storage = Storage(limits)
    }

    /// The values of the limits.
    public var values: OTPLimits { self.storage.limits }

    /// Returns the value of one of the limits.
    public subscript<Value>(dynamicMember limit: KeyPath<OTPLimits, Value>) -> Value {
        self.storage.limits[keyPath: limit]
    }

    /// Returns whether all limits are equal.
    public static func == (left: Self, right: Self) -> Bool {
        left.storage === right.storage
            || (left.storage.hash == right.storage.hash && left.storage.limits == right.storage.limits)
    }

    /// Hashes the limits.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(self.storage.hash)
    }
}
