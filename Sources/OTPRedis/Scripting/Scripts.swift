// SPDX-License-Identifier: Apache-2.0

import Hiredis
import OTP

/// The Lua scripts for one set of limits.
///
/// The text of the scripts contains the limits, so that a call need not send them.
final class Scripts: Sendable {
    let issue: RedisScript
    let issueDevice: RedisScript
    let verify: RedisScript
    let resend: RedisScript
    let resendDevice: RedisScript
    let release: RedisScript
    let cancel: RedisScript
    let status: RedisScript
    let unlock: RedisScript
    let succeed: RedisScript

    // These scripts do not depend on limits.
    static let redeem = Templates.redeem.script([:])
    static let revoke = Templates.revoke.script([:])
    static let clock = Templates.clock.script([:])

    init(_ limits: StoreLimits) {
        let values = limits.scriptValues
        self.issue = Templates.issue.script(values)
        self.issueDevice = Templates.issueDevice.script(values)
        self.verify = Templates.verify.script(values)
        self.resend = Templates.resend.script(values)
        self.resendDevice = Templates.resendDevice.script(values)
        self.release = Templates.release.script(values)
        self.cancel = Templates.cancel.script(values)
        self.status = Templates.status.script(values)
        self.unlock = Templates.unlock.script(values)
        self.succeed = Templates.succeed.script(values)
    }
}

/// The templates of the scripts, with placeholders for the limits.
private enum Templates {
    static let issue = ScriptTemplate(ScriptStep.issue.fragments)
    static let issueDevice = ScriptTemplate(ScriptStep.issueDevice.fragments)
    static let verify = ScriptTemplate(ScriptStep.verify.fragments)
    static let resend = ScriptTemplate(ScriptStep.resend.fragments)
    static let resendDevice = ScriptTemplate(ScriptStep.resendDevice.fragments)
    static let release = ScriptTemplate(ScriptStep.release.fragments)
    static let cancel = ScriptTemplate(ScriptStep.cancel.fragments)
    static let status = ScriptTemplate(ScriptStep.status.fragments)
    static let unlock = ScriptTemplate(ScriptStep.unlock.fragments)
    static let succeed = ScriptTemplate(ScriptStep.succeed.fragments)
    static let redeem = ScriptTemplate(ScriptStep.redeem.fragments)
    static let revoke = ScriptTemplate(ScriptStep.revoke.fragments)
    static let clock = ScriptTemplate(ScriptStep.clock.fragments)
}

extension StoreLimits {
    /// The values of `LIMITS.…` in the scripts.
    ///
    /// Durations are in milliseconds. A list of windows contains two numbers for each window: its count and its length.
    var scriptValues: [String: String] {
        func list(_ numbers: [Int64]) -> String {
            "{ \(numbers.map(String.init).joined(separator: ", ")) }"
        }
        func windows(_ windows: [WindowLimit]) -> String {
            list(windows.flatMap { [Int64($0.count), $0.window.milliseconds] })
        }
        func longest(_ windows: [WindowLimit]) -> Int64 {
            windows.map(\.window.milliseconds).max() ?? 0
        }
        func largest(_ windows: [WindowLimit]) -> Int {
            max(1, windows.map(\.count).max() ?? 0)
        }
        let day: Int64 = 86_400_000
        // Another service that shares the store may use a longer lifetime for its challenges.
        let longestLifetime = OTPLimits.longestLifetime.milliseconds
        let sendSpan = max(self.cooldownReset.milliseconds, longest(self.sends))
        let refusedSpan = self.refusedRetention.milliseconds
        let recordTTL = max(longestLifetime, sendSpan, longest(self.failures), refusedSpan)
        let streakRetention = self.consecutiveFailuresRetention.milliseconds
        return [
            "lifetime": "\(self.lifetime.milliseconds)",
            "attempts": "\(min(self.attemptsPerCode, self.attemptsPerChallenge))",
            "lifetime_bound": "\((self.lifetime + StoreTime.tolerance).milliseconds)",
            "longest_lifetime": "\((OTPLimits.longestLifetime + StoreTime.tolerance).milliseconds)",
            "tolerance": "\(StoreTime.tolerance.milliseconds)",
            "attempts_per_code": "\(self.attemptsPerCode)",
            "attempts_per_challenge": "\(self.attemptsPerChallenge)",
            "sends_per_challenge": "\(self.sendsPerChallenge)",
            "cooldown": list(self.cooldown.map(\.milliseconds)),
            "refused_cooldown": list(self.refusedCooldown.map(\.milliseconds)),
            "refused_span": "\(refusedSpan)",
            "cooldown_reset": "\(self.cooldownReset.milliseconds)",
            "sends": windows(self.sends),
            "send_span": "\(sendSpan)",
            "largest_sends": "\(largest(self.sends))",
            "failures": windows(self.failures),
            "failure_span": "\(longest(self.failures))",
            "largest_failures": "\(largest(self.failures))",
            "smallest_failures": "\(self.failures.map(\.count).min() ?? 0)",
            "record_ttl": "\(recordTTL)",
            "streak_record_ttl": "\(max(recordTTL, streakRetention) + day)",
            "day": "\(day)",
            "failure_streak": "\(self.consecutiveFailures)",
            "streak_retention": "\(streakRetention)",
        ]
    }
}
