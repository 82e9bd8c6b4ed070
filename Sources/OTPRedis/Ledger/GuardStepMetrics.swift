// SPDX-License-Identifier: Apache-2.0

import Metrics

/// The timers of the guard's steps: the time in which both groups of scopes have replied, with the queue of the client.
struct GuardStepMetrics: Sendable {
    let reserve = Self.timer(.guardReserve)
    let release = Self.timer(.guardRelease)
    let record = Self.timer(.guardRecord)
    let lockdown = Self.timer(.guardLockdown)

    private static func timer(_ step: ScriptStep) -> Timer {
        Timer(label: "otp.redis.step", dimensions: [("step", step.rawValue)])
    }
}
