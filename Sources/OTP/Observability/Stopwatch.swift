// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Metrics

/// Measures a duration for a timer.
///
/// The stopwatch counts nanoseconds as integers, because the 128-bit arithmetic of `Duration` takes longer than reading the
/// clock.
struct Stopwatch {
    private let start = DispatchTime.now().uptimeNanoseconds

    /// Records the time since the stopwatch was created.
    func record(to timer: Metrics.Timer) {
        timer.recordNanoseconds(Int64(clamping: DispatchTime.now().uptimeNanoseconds &- self.start))
    }
}
