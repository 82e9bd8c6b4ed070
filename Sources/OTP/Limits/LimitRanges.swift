// SPDX-License-Identifier: Apache-2.0

/// The permitted ranges of all limits.
struct LimitRanges: Sendable {
    private static let day = Duration.seconds(86_400)

    var lifetime: ClosedRange<Duration>
    var attemptsPerCode: ClosedRange<Int>
    var attemptsPerChallenge: ClosedRange<Int>
    var sendsPerChallenge: ClosedRange<Int>
    var wait: ClosedRange<Duration>
    var cooldownReset: ClosedRange<Duration>
    var sends: ClosedRange<Int>
    var failures: ClosedRange<Int>
    var window: ClosedRange<Duration>
    var consecutiveFailures: ClosedRange<Int>
    var consecutiveFailuresRetention: ClosedRange<Duration>

    /// The ranges of limits in a store.
    ///
    /// The binary layout of a phone-number record determines these ranges.
    static let store = Self(
        lifetime: .milliseconds(1)...OTPLimits.longestLifetime,
        attemptsPerCode: 1...31,
        attemptsPerChallenge: 1...31,
        sendsPerChallenge: 1...255,
        wait: .zero...Self.day * 400,
        cooldownReset: .milliseconds(1)...Self.day * 400,
        sends: 1...1_000,
        failures: 1...255,
        window: .milliseconds(1)...Self.day * 400,
        consecutiveFailures: 1...255,
        consecutiveFailuresRetention: .milliseconds(1)...Self.day * 400
    )

    /// The ranges of limits in a policy.
    ///
    /// The range of `consecutiveFailures` ends at 100, because NIST SP 800-63B-4 allows at most 100 consecutive failures.
    static let policy = Self(
        lifetime: .seconds(60)...OTPLimits.longestLifetime,
        attemptsPerCode: 1...10,
        attemptsPerChallenge: 1...20,
        sendsPerChallenge: 1...5,
        wait: .seconds(1)...Self.day,
        cooldownReset: .seconds(60)...Self.day * 7,
        sends: 1...200,
        failures: 1...200,
        window: .seconds(1)...Self.day * 400,
        consecutiveFailures: 1...100,
        consecutiveFailuresRetention: Self.day * 30...Self.day * 400
    )
}

extension OTPLimits {
    /// The longest lifetime of a code that any policy can set.
    package static let longestLifetime = Duration.seconds(600)

    /// Checks that every limit is in its range.
    ///
    /// Call the method before any computation with the limits, because the computations rely on the ranges.
    func check(_ ranges: LimitRanges) throws(OTPConfigurationError) {
        try Self.check("lifetime", self.lifetime, ranges.lifetime)
        try Self.check("attemptsPerCode", self.attemptsPerCode, ranges.attemptsPerCode)
        try Self.check("attemptsPerChallenge", self.attemptsPerChallenge, ranges.attemptsPerChallenge)
        try Self.check("sendsPerChallenge", self.sendsPerChallenge, ranges.sendsPerChallenge)
        try Self.check("cooldown", waits: self.cooldown, ranges.wait)
        try Self.check("refusedCooldown", waits: self.refusedCooldown, ranges.wait)
        try Self.check("cooldownReset", self.cooldownReset, ranges.cooldownReset)
        try Self.check("sends", windows: self.sends, ranges.sends, ranges.window)
        try Self.check("failures", windows: self.failures, ranges.failures, ranges.window)
        try Self.check("consecutiveFailures", self.consecutiveFailures, ranges.consecutiveFailures)
        try Self.check(
            "consecutiveFailuresRetention",
            self.consecutiveFailuresRetention,
            ranges.consecutiveFailuresRetention
        )
    }

    private static func check(
        _ setting: String,
        _ value: Int,
        _ range: ClosedRange<Int>
    ) throws(OTPConfigurationError) {
        let text = "must be \(range.lowerBound) to \(range.upperBound)"
        try OTPPolicy.check(setting, range.contains(value), text)
    }

    private static func check(
        _ setting: String,
        _ span: Duration,
        _ range: ClosedRange<Duration>,
        _ name: String = ""
    ) throws(OTPConfigurationError) {
        let text = "\(name)must be \(range.lowerBound) to \(range.upperBound)"
        try OTPPolicy.check(setting, range.contains(span), text)
        try OTPPolicy.check(
            setting,
            span == .milliseconds(span.milliseconds),
            "\(name)must be a whole number of milliseconds"
        )
    }

    private static func check(
        _ setting: String,
        waits: [Duration],
        _ range: ClosedRange<Duration>
    ) throws(OTPConfigurationError) {
        try OTPPolicy.check(setting, (1...16).contains(waits.count), "must have 1 to 16 waits")
        for wait in waits { try self.check(setting, wait, range, "each wait ") }
    }

    private static func check(
        _ setting: String,
        windows: [WindowLimit],
        _ counts: ClosedRange<Int>,
        _ lengths: ClosedRange<Duration>
    ) throws(OTPConfigurationError) {
        try OTPPolicy.check(setting, (1...8).contains(windows.count), "must have 1 to 8 windows")
        for window in windows {
            let text = "each window must allow \(counts.lowerBound) to \(counts.upperBound) events"
            try OTPPolicy.check(setting, counts.contains(window.count), text)
            try self.check(setting, window.window, lengths, "each window ")
        }
    }
}
