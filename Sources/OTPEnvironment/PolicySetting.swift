// SPDX-License-Identifier: Apache-2.0

import OTP

/// A setting of `OTPPolicy` that is read from one environment variable.
struct PolicySetting: Sendable {
    let variable: Variable

    /// The name of this setting in errors of `OTPPolicy.validate()`.
    let field: String

    /// The problem that an error states if ``read`` rejects a text.
    ///
    /// An example is `it is not a whole number`.
    let problem: String

    /// The default value as text, in the format of the environment variable.
    let defaultText: String

    /// Parses a text, and sets the value in a draft; returns `false` if the text has the wrong format.
    let read: @Sendable (_ text: String, _ draft: inout PolicyDraft) -> Bool

    /// Restores the default value in a draft.
    let reset: @Sendable (_ draft: inout PolicyDraft) -> Void

    private init<Value>(
        _ variable: Variable,
        _ field: String,
        _ path: any WritableKeyPath<PolicyDraft, Value> & Sendable,
        _ format: SettingFormat<Value>
    ) {
        let standard = PolicyDraft()[keyPath: path]
        self.variable = variable
        self.field = field
        self.problem = format.problem
        self.defaultText = format.text(standard)
        self.read = { text, draft in
            guard let value = format.parse(text) else { return false }
            draft[keyPath: path] = value
            return true
        }
        self.reset = { $0[keyPath: path] = standard }
    }

    /// All settings, in the order of the documentation.
    static let all = Self.codes + Self.sends + Self.failures + Self.devices

    private static let codes = [
        Self(.codeLength, "code", \.codeLength, .integer),
        Self(.codeAlphabet, "code", \.codeAlphabet, .name("it is neither digits nor alphanumeric")),
        Self(.strict20, "strict20", \.base.strict20, .onOrOff),
        Self(.codeLifetime, "lifetime", \.base.limits.lifetime, .duration),
        Self(.attemptsPerCode, "attemptsPerCode", \.base.limits.attemptsPerCode, .integer),
        Self(.attemptsPerChallenge, "attemptsPerChallenge", \.base.limits.attemptsPerChallenge, .integer),
        Self(.proofLifetime, "proofLifetime", \.base.proofLifetime, .duration),
        Self(.resend, "resend", \.base.resend, .name("it is not a resend policy")),
    ]

    private static let sends = [
        Self(.sendsPerChallenge, "sendsPerChallenge", \.base.limits.sendsPerChallenge, .integer),
        Self(.cooldown, "cooldown", \.base.limits.cooldown, .durations),
        Self(.refusedCooldown, "refusedCooldown", \.base.limits.refusedCooldown, .durations),
        Self(.cooldownReset, "cooldownReset", \.base.limits.cooldownReset, .duration),
        Self(.sendWindows, "sends", \.base.limits.sends, .windows),
        Self(.sendTimeout, "sendTimeout", \.base.sendTimeout, .duration),
        Self(.maximumOverdueSends, "maximumOverdueSends", \.base.maximumOverdueSends, .integer),
        Self(.maximumPendingSends, "maximumPendingSends", \.base.maximumPendingSends, .integer),
    ]

    private static let failures = [
        Self(.failureWindows, "failures", \.base.limits.failures, .windows),
        Self(.consecutiveFailures, "consecutiveFailures", \.base.limits.consecutiveFailures, .integer),
        Self(
            .consecutiveFailuresRetention,
            "consecutiveFailuresRetention",
            \.base.limits.consecutiveFailuresRetention,
            .duration
        ),
    ]

    private static let devices = [
        Self(.deviceLane, "deviceLane", \.hasDeviceLane, .onOrOff),
        Self(.deviceTokenLifetime, "deviceTokenLifetime", \.base.deviceTokenLifetime, .duration),
        Self(.deviceLaneSendWindows, "deviceLane.sends", \.deviceLane.sends, .windows),
        Self(.deviceLaneFailureWindows, "deviceLane.failures", \.deviceLane.failures, .windows),
        Self(
            .deviceLaneConsecutiveFailures,
            "deviceLane.consecutiveFailures",
            \.deviceLane.consecutiveFailures,
            .integer
        ),
    ]
}

extension Variable {
    private static let number = "set it to a whole number"
    private static let duration = "set it to a duration such as 90s, 5m, 24h or 30d"
    private static let durations = "set it to durations such as 60s,2m,5m"
    private static let windows = "set it to windows such as 5/1h,10/24h"

    static let codeLength = Self("OTP_CODE_LENGTH", "set it to a whole number such as 6")
    static let codeAlphabet = Self("OTP_CODE_ALPHABET", "set it to digits or alphanumeric")
    static let strict20 = Self("OTP_STRICT20", "set it to on or off")
    static let codeLifetime = Self("OTP_CODE_LIFETIME", Self.duration)
    static let attemptsPerCode = Self("OTP_ATTEMPTS_PER_CODE", Self.number)
    static let attemptsPerChallenge = Self("OTP_ATTEMPTS_PER_CHALLENGE", Self.number)
    static let proofLifetime = Self("OTP_PROOF_LIFETIME", Self.duration)
    package static let resend = Self("OTP_RESEND", "set it to repeat or renew")

    static let sendsPerChallenge = Self("OTP_SENDS_PER_CHALLENGE", Self.number)
    static let cooldown = Self("OTP_COOLDOWN", Self.durations, form: .commaList)
    static let refusedCooldown = Self("OTP_REFUSED_COOLDOWN", Self.durations, form: .commaList)
    static let cooldownReset = Self("OTP_COOLDOWN_RESET", Self.duration)
    static let sendWindows = Self("OTP_SEND_WINDOWS", Self.windows, form: .commaList)
    static let sendTimeout = Self("OTP_SEND_TIMEOUT", Self.duration)
    static let maximumOverdueSends = Self("OTP_MAXIMUM_OVERDUE_SENDS", Self.number)
    static let maximumPendingSends = Self("OTP_MAXIMUM_PENDING_SENDS", Self.number)

    static let failureWindows = Self("OTP_FAILURE_WINDOWS", Self.windows, form: .commaList)
    static let consecutiveFailures = Self("OTP_CONSECUTIVE_FAILURES", Self.number)
    static let consecutiveFailuresRetention = Self("OTP_CONSECUTIVE_FAILURES_RETENTION", Self.duration)

    static let deviceLane = Self("OTP_DEVICE_LANE", "set it to on or off")
    static let deviceTokenLifetime = Self("OTP_DEVICE_TOKEN_LIFETIME", Self.duration)
    static let deviceLaneSendWindows = Self("OTP_DEVICE_LANE_SEND_WINDOWS", Self.windows, form: .commaList)
    static let deviceLaneFailureWindows = Self("OTP_DEVICE_LANE_FAILURE_WINDOWS", Self.windows, form: .commaList)
    static let deviceLaneConsecutiveFailures = Self("OTP_DEVICE_LANE_CONSECUTIVE_FAILURES", Self.number)
}
