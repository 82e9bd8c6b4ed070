// SPDX-License-Identifier: Apache-2.0

import OTP

/// The maximum number of messages and attempts that the limits of one phone number admit.
struct NumberBound {
    private let limits: OTPLimits

    init(_ limits: OTPLimits = OTPLimits()) {
        self.limits = limits
    }

    func messages(within seconds: Int) -> Int { Self.most(self.limits.sends, seconds) }

    /// Returns the maximum number of attempts for one number.
    ///
    /// The result excludes the first attempts that a lockout still allows for codes that were sent before it.
    func attempts(within seconds: Int) -> Int {
        min(Self.most(self.limits.failures, seconds), self.limits.consecutiveFailures)
    }

    /// The maximum number of codes of one number that are valid at the same time, because the cooldown delays each further
    /// code.
    var liveCodes: Int {
        var (count, time) = (1, 0)
        for wait in self.limits.cooldown {
            time += Int(wait.components.seconds)
            guard time < Int(self.limits.lifetime.components.seconds) else { return count }
            count += 1
        }
        return count
    }

    /// Returns the strictest bound of the windows.
    ///
    /// The given time consists of one or more periods of the length of a window. In each of these periods, the window admits
    /// its count.
    private static func most(_ windows: [WindowLimit], _ seconds: Int) -> Int {
        windows.map { window in
            let length = max(1, Int(window.window.components.seconds))
            return window.count * ((seconds + length - 1) / length)
        }
        .min() ?? 0
    }
}
