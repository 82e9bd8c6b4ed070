// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Metrics

/// Measures a duration for a timer.
///
/// It counts nanoseconds as integers: the arithmetic of `Duration` has 128 bits, which costs more than reading the clock.
struct Stopwatch {
    private let start = DispatchTime.now().uptimeNanoseconds

    /// Records the time since the creation.
    func record(to timer: Metrics.Timer) {
        timer.recordNanoseconds(Int64(clamping: DispatchTime.now().uptimeNanoseconds &- self.start))
    }
}
