// SPDX-License-Identifier: Apache-2.0

import OTP

/// The maximum numbers of messages and of attempts that the limits of one phone number allow.
struct NumberBound {
    private let limits: OTPLimits

    init(_ limits: OTPLimits = OTPLimits()) {
        self.limits = limits
    }

    func messages(within seconds: Int) -> Int { Self.most(self.limits.sends, seconds) }

    /// Returns the maximum number of attempts for one phone number within a period.
    ///
    /// During a lockout, which follows too many failed attempts, the first attempt for each unexpired code is still allowed.
    /// The result excludes these attempts.
    func attempts(within seconds: Int) -> Int {
        min(Self.most(self.limits.failures, seconds), self.limits.consecutiveFailures)
    }

    /// The maximum number of codes of one phone number that are valid at the same time.
    ///
    /// The cooldown (the minimum time between two messages) limits this number.
    var liveCodes: Int {
        var (count, time) = (1, 0)
        for wait in self.limits.cooldown {
            time += Int(wait.components.seconds)
            guard time < Int(self.limits.lifetime.components.seconds) else { return count }
            count += 1
        }
        return count
    }

    /// Returns the lowest bound of several sliding windows for a period in seconds.
    ///
    /// The bound of a sliding window is its limit, multiplied by the number of windows that cover the period.
    private static func most(_ windows: [WindowLimit], _ seconds: Int) -> Int {
        windows.map { window in
            let length = max(1, Int(window.window.components.seconds))
            return window.count * ((seconds + length - 1) / length)
        }
        .min() ?? 0
    }
}
