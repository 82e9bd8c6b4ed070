// SPDX-License-Identifier: Apache-2.0

import Metrics

/// The timers of the guard's Lua scripts.
///
/// A timer measures each script call until its reply, including the time in the client's queue.
struct GuardStepMetrics: Sendable {
    let reserve = Timer(step: .guardReserve)
    let release = Timer(step: .guardRelease)
    let record = Timer(step: .guardRecord)
    let lockdown = Timer(step: .guardLockdown)
    let modes = Timer(step: .guardModes)
    let count = Timer(step: .guardCount)
}
