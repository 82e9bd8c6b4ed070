// SPDX-License-Identifier: Apache-2.0

import OTP
import SMSKit
import Testing

@testable import OTPEnvironment

/// Tests of the variables that change the policy.
@Suite struct PolicySettingsTests {
    @Test func everyVariableChangesItsSetting() throws {
        let settings = Environment.settings([
            "OTP_CODE_LENGTH": "7", "OTP_CODE_ALPHABET": "alphanumeric", "OTP_STRICT20": "on",
            "OTP_CODE_LIFETIME": "2m", "OTP_ATTEMPTS_PER_CODE": "3", "OTP_ATTEMPTS_PER_CHALLENGE": "6",
            "OTP_PROOF_LIFETIME": "90", "OTP_RESEND": "renew", "OTP_SENDS_PER_CHALLENGE": "4",
            "OTP_COOLDOWN": "30s, 1m", "OTP_REFUSED_COOLDOWN": "5s", "OTP_COOLDOWN_RESET": "2h",
            "OTP_SEND_WINDOWS": "2/1h, 4/1d", "OTP_SEND_TIMEOUT": "2500ms", "OTP_MAXIMUM_OVERDUE_SENDS": "10",
            "OTP_MAXIMUM_PENDING_SENDS": "500", "OTP_FAILURE_WINDOWS": "8/1d", "OTP_CONSECUTIVE_FAILURES": "40",
            "OTP_CONSECUTIVE_FAILURES_RETENTION": "60d", "OTP_DEVICE_LANE": "on", "OTP_DEVICE_TOKEN_LIFETIME": "30d",
            "OTP_DEVICE_LANE_SEND_WINDOWS": "1/1h,2/1d", "OTP_DEVICE_LANE_FAILURE_WINDOWS": "3/1d",
            "OTP_DEVICE_LANE_CONSECUTIVE_FAILURES": "9",
        ])
        #expect(settings.policyDraft().problems.isEmpty)
        var expected = OTPPolicy(destinations: [.singapore, .unitedKingdom])
        expected.format = .alphanumeric(7)
        expected.strict20 = true
        expected.proofLifetime = .seconds(90)
        expected.resend = .renew
        expected.sendTimeout = .milliseconds(2500)
        expected.maximumOverdueSends = 10
        expected.maximumPendingSends = 500
        expected.deviceTokenLifetime = .seconds(30 * 86_400)
        expected.limits = Self.limits
        expected.deviceLane = Self.lane
        #expect(try settings.policy() == expected)
        try expected.validate()
    }

    private static var limits: OTPLimits {
        var limits = OTPLimits()
        limits.lifetime = .seconds(120)
        limits.attemptsPerCode = 3
        limits.attemptsPerChallenge = 6
        limits.sendsPerChallenge = 4
        limits.cooldown = [.seconds(30), .seconds(60)]
        limits.refusedCooldown = [.seconds(5)]
        limits.cooldownReset = .seconds(7200)
        limits.sends = [WindowLimit(2, per: .seconds(3600)), WindowLimit(4, per: .seconds(86_400))]
        limits.failures = [WindowLimit(8, per: .seconds(86_400))]
        limits.consecutiveFailures = 40
        limits.consecutiveFailuresRetention = .seconds(60 * 86_400)
        return limits
    }

    private static var lane: DeviceLane {
        var lane = DeviceLane()
        lane.sends = [WindowLimit(1, per: .seconds(3600)), WindowLimit(2, per: .seconds(86_400))]
        lane.failures = [WindowLimit(3, per: .seconds(86_400))]
        lane.consecutiveFailures = 9
        return lane
    }

    @Test func everySettingOfThePolicyHasAVariable() {
        // These settings are read by properties of their own, or are parts of other settings.
        let others: Set = ["destinations", "kinds", "profile", "testNumbers", "limits", "format"]
        let names = [
            Mirror(reflecting: OTPPolicy(destinations: [])).children.compactMap(\.label)
                .filter { !others.contains($0) },
            Mirror(reflecting: OTPLimits()).children.compactMap(\.label),
            Mirror(reflecting: DeviceLane()).children.compactMap { $0.label.map { "deviceLane.\($0)" } },
        ]
        #expect(Set(names.joined()) == Set(PolicySetting.all.map(\.field)).subtracting(["code"]))
    }

    @Test(arguments: PolicySetting.all.map(\.variable))
    func defaultTextIsTheDefault(variable: Variable) throws {
        let settings = Environment.settings([variable.name: variable.defaultText])
        #expect(try settings.policy() == Environment.settings().policy())
    }

    @Test func allInvalidSettingsAreReported() {
        let settings = Environment.settings([
            "OTP_CODE_LENGTH": "20", "OTP_COOLDOWN": "1m,", "OTP_SEND_WINDOWS": "5", "OTP_ATTEMPTS_PER_CODE": "11",
            "OTP_MAXIMUM_PENDING_SENDS": "500", "OTP_STRICT20": "yes",
        ])
        let texts = settings.policyDraft().problems.map { "\($0.variable): \($0.problem)" }
        #expect(
            Set(texts) == [
                "OTP_STRICT20: it is neither on nor off",
                "OTP_COOLDOWN: it is not a list of durations such as 60s,2m,5m",
                "OTP_SEND_WINDOWS: it is not a list of windows such as 5/1h,10/24h",
                "OTP_CODE_LENGTH: it must have 6 to 10 digits, or 6 to 8 letters and digits",
                "OTP_ATTEMPTS_PER_CODE: it must be 1 to 10",
                "OTP_MAXIMUM_PENDING_SENDS: it must be at least maximumOverdueSends and at most 1000000",
            ]
        )
    }

    @Test func conflictThatNoSingleSettingSolvesIsReportedOnce() {
        let problems = Environment.settings(["OTP_STRICT20": "on"]).policyDraft().problems
        #expect(problems.map(\.variable) == ["OTP_CODE_LENGTH"])
        #expect(problems.first?.problem.hasPrefix("six digits have fewer than 20 bits") == true)
    }
}
