// SPDX-License-Identifier: Apache-2.0

import Histogram
import Synchronization

/// The latencies and failures that `otp bench` has measured so far.
///
/// A class, because all requests share it.
final class BenchRecorder: Sendable {
    private struct Series {
        /// The latencies in microseconds.
        var latencies = Histogram<UInt64>(highestTrackableValue: 600_000_000, numberOfSignificantValueDigits: .three)
        var failures: [String: Int] = [:]
    }

    private let series = Mutex<[BenchStep: Series]>([:])

    /// Records the latency of a successful request.
    func record(_ step: BenchStep, _ latency: Duration) {
        let microseconds = UInt64(max(0, latency / .microseconds(1)))
        _ = self.series.withLock { $0[step, default: Series()].latencies.record(microseconds) }
    }

    /// Records the reason for the failure of a request.
    func fail(_ step: BenchStep, _ reason: String) {
        self.series.withLock { $0[step, default: Series()].failures[reason, default: 0] += 1 }
    }

    /// Returns the results so far.
    func report(rate: Double, duration: Duration) -> BenchReport {
        let rows = self.series.withLock { series in
            BenchStep.allCases.compactMap { step in
                series[step].map { BenchReport.Row(step, $0.latencies, $0.failures) }
            }
        }
        return BenchReport(rate: rate, seconds: duration / .seconds(1), steps: rows)
    }
}
