import Hiredis
import OTP

/// The Lua scripts for one set of limits, put together from the files beside this one.
///
/// Each is one straight run: the record is opened, a step works on its parts, the record is closed. Limits are written
/// into the text, so that no call has to carry or read them.
final class Scripts: Sendable {
    let issue: RedisScript
    let verify: RedisScript
    let resend: RedisScript
    let release: RedisScript
    let cancel: RedisScript
    let status: RedisScript
    let unlock: RedisScript
    let succeed: RedisScript

    /// The one that knows of no number and no limits.
    static let redeem = RedisScript(source: String(decoding: PackageResources.redeem_lua, as: UTF8.self))

    init(_ limits: StoreLimits) {
        let values = limits.scriptValues
        self.issue = Templates.issue.script(values)
        self.verify = Templates.verify.script(values)
        self.resend = Templates.resend.script(values)
        self.release = Templates.release.script(values)
        self.cancel = Templates.cancel.script(values)
        self.status = Templates.status.script(values)
        self.unlock = Templates.unlock.script(values)
        self.succeed = Templates.succeed.script(values)
    }
}

/// The scripts before the limits are filled in.
private enum Templates {
    private typealias Part = PackageResources

    private static let number = [Part.open_lua, Part.challenge_lua]
    private static let messages = Self.number + [Part.limits_lua, Part.sends_lua]

    static let issue = ScriptTemplate(Self.messages + [Part.admission_lua, Part.issue_lua, Part.close_lua])
    static let verify = ScriptTemplate([Part.verify_lua])
    static let resend = ScriptTemplate(
        Self.messages + [Part.resend_check_lua, Part.admission_lua, Part.resend_lua, Part.close_lua]
    )
    static let release = ScriptTemplate(Self.messages + [Part.release_lua, Part.close_lua])
    static let cancel = ScriptTemplate(Self.number + [Part.cancel_lua, Part.close_lua])
    static let status = ScriptTemplate(Self.messages + [Part.status_lua])
    static let unlock = ScriptTemplate(Self.number + [Part.unlock_lua, Part.close_lua])
    static let succeed = ScriptTemplate(Self.number + [Part.succeed_lua, Part.close_lua])
}

extension StoreLimits {
    /// What stands for `LIMITS.…` in the scripts; spans are milliseconds, windows are pairs of a count and a length.
    fileprivate var scriptValues: [Substring: String] {
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
        // A challenge of another service may live longer than those of this one.
        let longestLifetime = OTPLimits.longestLifetime.milliseconds
        let sendSpan = max(self.cooldownReset.milliseconds, longest(self.sends))
        let refusedSpan = self.refusedRetention.milliseconds
        let windowsSpan = max(sendSpan, longest(self.failures), refusedSpan)
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
            "windows_life": "\(max(longestLifetime, windowsSpan))",
            "smallest_failures": "\(self.failures.map(\.count).min() ?? 0)",
            "row_life": "\(max(longestLifetime, windowsSpan, self.consecutiveFailuresRetention.milliseconds) + day)",
            "day": "\(day)",
            "row": "\(self.consecutiveFailures)",
            "row_retention": "\(self.consecutiveFailuresRetention.milliseconds)",
        ]
    }
}
