// SPDX-License-Identifier: Apache-2.0

import Histogram

/// The results of `otp bench`.
struct BenchReport: Encodable, Sendable {
    /// The results of one kind of request, with latencies in milliseconds.
    struct Row: Encodable, Sendable {
        let step: BenchStep
        let requests: Int
        /// The numbers of failed requests, keyed by the reason for the failure.
        let failures: [String: Int]
        let mean: Double
        let p50: Double
        let p90: Double
        let p99: Double
        let p999: Double
        let max: Double
        /// The latencies at the percentiles in the chart.
        let distribution: [Point]

        struct Point: Encodable, Sendable {
            let percentile: Double
            let milliseconds: Double
        }

        init(_ step: BenchStep, _ latencies: Histogram<UInt64>, _ failures: [String: Int]) {
            func milliseconds(_ percentile: Double) -> Double {
                latencies.totalCount == 0 ? 0 : Double(latencies.valueAtPercentile(percentile)) / 1000
            }
            self.step = step
            self.requests = Int(latencies.totalCount) + failures.values.reduce(0, +)
            self.failures = failures
            self.mean = latencies.totalCount == 0 ? 0 : (latencies.mean.rounded()) / 1000
            self.p50 = milliseconds(50)
            self.p90 = milliseconds(90)
            self.p99 = milliseconds(99)
            self.p999 = milliseconds(99.9)
            self.max = milliseconds(100)
            self.distribution = Self.percentiles.map { Point(percentile: $0, milliseconds: milliseconds($0)) }
        }

        private static let percentiles = [0, 25, 50, 75, 90, 95, 99, 99.5, 99.9, 99.95, 99.99, 100]
    }

    /// The planned number of sign-ups per second.
    let rate: Double
    /// The seconds from the start of the measurement to the last response.
    let seconds: Double
    let steps: [Row]

    /// Whether at least one request failed.
    var hasFailures: Bool { self.steps.contains { !$0.failures.isEmpty } }

    /// The results as a table, and one line for each kind of failure.
    var lines: String {
        let rows = self.steps.map { row in
            let failures = row.failures.values.reduce(0, +)
            let latencies = [row.p50, row.p90, row.p99, row.p999, row.max].map(self.text)
            return [row.step.rawValue, "\(row.requests)", "\(failures)", self.text(self.perSecond(row))] + latencies
        }
        let head = ["request", "requests", "failed", "per s", "p50 ms", "p90 ms", "p99 ms", "p99.9 ms", "max ms"]
        let failures = self.steps.flatMap { row in
            row.failures.sorted { $0.key < $1.key }.map { "\(row.step.rawValue): \($0.value) with \($0.key)" }
        }
        return ([TextTable(head, rows, alignedRight: Set(1..<9)).text] + failures).joined(separator: "\n")
    }

    private func perSecond(_ row: Row) -> Double { self.seconds > 0 ? Double(row.requests) / self.seconds : 0 }

    private func text(_ number: Double) -> String { "\((number * 100).rounded() / 100)" }
}
