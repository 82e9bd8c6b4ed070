// SPDX-License-Identifier: Apache-2.0

import Metrics
import NIOCore

/// The timers of the steps.
///
/// A timer measures how long a caller waits for the reply to a script, including the time in the client's queue. The label is
/// `otp.redis.step`, with the dimension `step`. Failed steps are also measured, because timeouts are the slowest steps.
struct RedisStepMetrics: Sendable {
    let issue = Self.timer(.issue)
    let verify = Self.timer(.verify)
    let resend = Self.timer(.resend)
    let release = Self.timer(.release)
    let cancel = Self.timer(.cancel)
    let status = Self.timer(.status)
    let unlock = Self.timer(.unlock)
    let succeed = Self.timer(.succeed)
    let redeem = Self.timer(.redeem)
    let revoke = Self.timer(.revoke)
    let clock = Self.timer(.clock)

    private static func timer(_ step: ScriptStep) -> Timer {
        Timer(label: "otp.redis.step", dimensions: [("step", step.rawValue)])
    }
}

extension Timer {
    /// Records the time since the start of a step.
    func recordTime(since start: NIODeadline) {
        self.recordNanoseconds((NIODeadline.now() - start).nanoseconds)
    }
}
