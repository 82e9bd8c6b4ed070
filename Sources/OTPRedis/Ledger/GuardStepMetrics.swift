// SPDX-License-Identifier: Apache-2.0

import Metrics

/// The timers of the guard's steps.
///
/// A measured time ends when both groups of scopes have replied, and includes the time in the client's queue.
struct GuardStepMetrics: Sendable {
    let reserve = Self.timer(.guardReserve)
    let release = Self.timer(.guardRelease)
    let record = Self.timer(.guardRecord)
    let lockdown = Self.timer(.guardLockdown)
    let modes = Self.timer(.guardModes)
    let count = Self.timer(.guardCount)

    private static func timer(_ step: ScriptStep) -> Timer {
        Timer(label: "otp.redis.step", dimensions: [("step", step.rawValue)])
    }
}
