// SPDX-License-Identifier: Apache-2.0

import Metrics
import NIOCore

/// The timers of the store's Lua scripts.
///
/// A timer measures each script call until its reply, including failed calls and the time in the client's queue. The label is
/// `otp.redis.step`, with the dimension `step`.
struct RedisStepMetrics: Sendable {
    let issue = Timer(step: .issue)
    let verify = Timer(step: .verify)
    let resend = Timer(step: .resend)
    let release = Timer(step: .release)
    let cancel = Timer(step: .cancel)
    let status = Timer(step: .status)
    let unlock = Timer(step: .unlock)
    let succeed = Timer(step: .succeed)
    let redeem = Timer(step: .redeem)
    let revoke = Timer(step: .revoke)
    let clock = Timer(step: .clock)
}

extension Timer {
    /// Creates the timer of a script.
    convenience init(step: ScriptStep) {
        self.init(label: "otp.redis.step", dimensions: [("step", step.rawValue)])
    }

    /// Records the time since the start of a script call.
    func recordTime(since start: NIODeadline) {
        self.recordNanoseconds((NIODeadline.now() - start).nanoseconds)
    }
}
