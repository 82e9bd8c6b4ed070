// SPDX-License-Identifier: Apache-2.0

import OTP

extension OTPLimits {
    private static let windowChoices: [[WindowLimit]] = [
        OTPLimits().sends,
        [WindowLimit(2, per: .seconds(90)), WindowLimit(3, per: .seconds(1000))],
        [WindowLimit(1, per: .seconds(1))],
        [WindowLimit(1_000, per: .seconds(3_600))],
    ]

    private static let failureChoices: [[WindowLimit]] = [
        OTPLimits().failures,
        [WindowLimit(3, per: .seconds(200)), WindowLimit(6, per: .seconds(5000))],
        [WindowLimit(40, per: .seconds(86_400))],
        [WindowLimit(1, per: .seconds(30)), WindowLimit(255, per: .seconds(86_400))],
    ]

    /// The choices for the cooldown after messages that the gateway rejected.
    ///
    /// A cooldown is the wait before the next send. Each choice lists the cooldowns after consecutive rejections. In the last
    /// two choices, the longest cooldown exceeds every window in `windowChoices`. With such a cooldown, the time of the last
    /// rejection can determine the expiry of a record.
    private static let refusedChoices: [[Duration]] = [
        OTPLimits().refusedCooldown,
        [.zero],
        [.seconds(1), .seconds(90)],
        [.seconds(4_000), .seconds(100_000)],
        [.seconds(1), .seconds(40 * 86_400)],
    ]

    /// Returns random limits for the random steps of a check.
    ///
    /// The values include typical limits of a policy, and the most extreme limits that a store must support.
    static func randomForConformance(using random: inout SeededGenerator) -> Self {
        func any<Value>(_ values: [Value], _ other: Value) -> Value { values.randomElement(using: &random) ?? other }
        var limits = Self()
        limits.sends = any(Self.windowChoices, limits.sends)
        limits.failures = any(Self.failureChoices, limits.failures)
        // The shorter retention ends during the lifetime of a code.
        limits.consecutiveFailuresRetention = .seconds(any([400 * 86_400, 120], 120))
        limits.cooldownReset = .seconds(any([86_400, 700], 86_400))
        limits.refusedCooldown = any(Self.refusedChoices, limits.refusedCooldown)
        return limits.withOtherCounts(using: &random)
    }

    /// Returns a copy of the limits with random counts, cooldowns and lifetimes.
    ///
    /// The lengths of the windows and the retention of failures stay the same.
    func withOtherCounts(using random: inout SeededGenerator) -> Self {
        func any<Value>(_ values: [Value], _ other: Value) -> Value { values.randomElement(using: &random) ?? other }
        var limits = self
        limits.lifetime = .seconds(any([300, 300, 300, 300, 60, 600], 300))
        limits.attemptsPerCode = any([5, 5, 3, 10, 31, 1], 5)
        limits.attemptsPerChallenge = any([10, 10, 31, 4], 10)
        limits.sendsPerChallenge = any([5, 5, 255, 2], 5)
        limits.consecutiveFailures = any([100, 100, 7, 255], 100)
        limits.cooldown = any([Self().cooldown, [.seconds(1), .seconds(30)], [.zero]], [])
        for position in limits.sends.indices where Bool.random(using: &random) {
            limits.sends[position].count = any([limits.sends[position].count, 1, 3, 12], 1)
        }
        for position in limits.failures.indices where Bool.random(using: &random) {
            limits.failures[position].count = any([limits.failures[position].count, 1, 5, 50, 255], 1)
        }
        return limits
    }
}
