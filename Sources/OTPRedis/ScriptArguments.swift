import Hiredis
import OTP

extension NumberLimits {
    /// The limits as `read_limits` in `number.lua` reads them; all numbers are big-endian.
    var packed: [UInt8] {
        var bytes: [UInt8] = []
        func append(_ value: Int64, _ width: Int) {
            bytes += (0..<width).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
        }
        func append(_ windows: [WindowLimit]) {
            append(Int64(windows.count), 1)
            for window in windows {
                append(Int64(window.count), 1)
                append(window.window.milliseconds, 6)
            }
        }
        append(self.life.milliseconds, 4)
        append(Int64(self.guessesPerCode), 1)
        append(Int64(self.guessesPerChallenge), 1)
        append(Int64(self.sendsPerChallenge), 1)
        append(Int64(self.consecutiveFailures), 2)
        append(self.consecutiveFailuresRetention.milliseconds, 6)
        append(self.cooldownReset.milliseconds, 6)
        append(Int64(self.cooldown.count), 1)
        for wait in self.cooldown { append(wait.milliseconds, 4) }
        append(self.sends)
        append(self.failures)
        return bytes
    }
}

extension ProtectedCode {
    /// The code as `issue.lua` and `resend.lua` take it.
    var arguments: [RedisArgument] {
        [.bytes(self.authenticator), .text(self.keyID), .bytes(self.sealed)]
    }
}
