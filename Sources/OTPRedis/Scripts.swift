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
    let refund: RedisScript
    let cancel: RedisScript
    let status: RedisScript
    let unlock: RedisScript
    let succeed: RedisScript

    /// The one that knows of no number and no limits.
    static let redeem = RedisScript(source: String(decoding: PackageResources.redeem_lua, as: UTF8.self))

    init(_ limits: NumberLimits) {
        // The record has a byte for each; a service's policy keeps them below.
        precondition(
            limits.failures.allSatisfy { $0.count <= 255 } && limits.consecutiveFailures <= 255,
            "a number has more than 255 failures"
        )
        let values = limits.scriptValues
        func script(_ parts: [[UInt8]]) -> RedisScript {
            let source = parts.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n")
            return RedisScript(source: source.replacing(#/LIMITS\.([a-z_]+)/#) { values[$0.1, default: "nil"] })
        }
        typealias Part = PackageResources
        let number = [Part.open_lua, Part.challenge_lua]
        let messages = number + [Part.limits_lua, Part.sends_lua]
        self.issue = script(messages + [Part.admission_lua, Part.issue_lua, Part.close_lua])
        self.verify = script([Part.verify_lua])
        self.resend = script(
            messages + [Part.resend_check_lua, Part.admission_lua, Part.resend_lua, Part.close_lua]
        )
        self.refund = script(messages + [Part.refund_lua, Part.close_lua])
        self.cancel = script(number + [Part.cancel_lua, Part.close_lua])
        self.status = script(messages + [Part.status_lua])
        self.unlock = script(number + [Part.unlock_lua, Part.close_lua])
        self.succeed = script(number + [Part.succeed_lua, Part.close_lua])
    }
}

extension NumberLimits {
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
        let life = self.life.milliseconds
        let sendSpan = max(self.cooldownReset.milliseconds, longest(self.sends))
        let windowsSpan = max(sendSpan, longest(self.failures))
        return [
            "life": "\(life)",
            "attempts": "\(min(self.guessesPerCode, self.guessesPerChallenge))",
            "longest_life": "\((Self.longestLife + StoreTime.tolerance).milliseconds)",
            "tolerance": "\(StoreTime.tolerance.milliseconds)",
            "guesses_per_code": "\(self.guessesPerCode)",
            "guesses_per_challenge": "\(self.guessesPerChallenge)",
            "sends_per_challenge": "\(self.sendsPerChallenge)",
            "cooldown": list(self.cooldown.map(\.milliseconds)),
            "cooldown_reset": "\(self.cooldownReset.milliseconds)",
            "sends": windows(self.sends),
            "send_span": "\(sendSpan)",
            "largest_sends": "\(largest(self.sends))",
            "failures": windows(self.failures),
            "failure_span": "\(longest(self.failures))",
            "largest_failures": "\(largest(self.failures))",
            "windows_life": "\(max(life, windowsSpan))",
            "smallest_failures": "\(self.failures.map(\.count).min() ?? 0)",
            "row_life": "\(max(life, windowsSpan, self.consecutiveFailuresRetention.milliseconds) + day)",
            "day": "\(day)",
            "row": "\(self.consecutiveFailures)",
            "row_retention": "\(self.consecutiveFailuresRetention.milliseconds)",
        ]
    }
}
