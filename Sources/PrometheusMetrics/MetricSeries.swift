// SPDX-License-Identifier: Apache-2.0

import Metrics
import Synchronization

/// The values of a metric for one combination of labels.
///
/// A counter or a gauge has one time series. A histogram has several: the buckets, the sum and the count.
protocol MetricSeries: AnyObject, Sendable {
    /// Appends the current values.
    ///
    /// - Parameters:
    ///   - name: The name of the metric.
    ///   - labels: The labels, such as `a="b",c="d"`.
    ///   - lines: The text in the format of Prometheus, to which the method appends.
    func write(_ name: String, _ labels: String, to lines: inout String)
}

extension MetricSeries {
    /// Appends one line to the document.
    func line(_ name: String, _ labels: String, _ value: String, to lines: inout String) {
        lines += labels.isEmpty ? "\(name) \(value)\n" : "\(name){\(labels)} \(value)\n"
    }
}

/// A counter, which never decreases.
final class CounterSeries: MetricSeries, CounterHandler {
    private let value = Atomic<Int64>(0)

    func increment(by amount: Int64) {
        guard amount > 0 else { return }
        self.value.wrappingAdd(amount, ordering: .relaxed)
    }

    func reset() { self.value.store(0, ordering: .relaxed) }

    func write(_ name: String, _ labels: String, to lines: inout String) {
        self.line(name, labels, String(self.value.load(ordering: .relaxed)), to: &lines)
    }
}

/// A gauge, which can increase and decrease.
final class GaugeSeries: MetricSeries, MeterHandler, RecorderHandler {
    private let value = Mutex(0.0)

    func set(_ value: Int64) { self.set(Double(value)) }

    func set(_ value: Double) { self.value.withLock { $0 = value } }

    func increment(by amount: Double) { self.value.withLock { $0 += amount } }

    func decrement(by amount: Double) { self.value.withLock { $0 -= amount } }

    func record(_ value: Int64) { self.set(Double(value)) }

    func record(_ value: Double) { self.set(value) }

    func write(_ name: String, _ labels: String, to lines: inout String) {
        self.line(name, labels, PrometheusName.number(self.value.withLock { $0 }), to: &lines)
    }
}

/// A histogram with fixed buckets, which are in seconds for a timer.
final class HistogramSeries: MetricSeries, TimerHandler, RecorderHandler {
    private struct State {
        /// The number of observations in each bucket; the last bucket has no upper bound.
        var counts: [UInt64]
        var sum = 0.0
    }

    /// The upper bounds of a timer's buckets in seconds.
    ///
    /// The shortest times are those of Redis scripts, and the longest are those of sends with retries.
    static let seconds = [
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
    ]

    /// The upper bounds of the buckets for values other than durations.
    static let values = [1.0, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 100_000, 1_000_000]

    private let bounds: [Double]
    private let state: Mutex<State>

    init(_ bounds: [Double]) {
        self.bounds = bounds
        self.state = Mutex(State(counts: [UInt64](repeating: 0, count: bounds.count + 1)))
    }

    func recordNanoseconds(_ duration: Int64) { self.record(Double(max(duration, 0)) / 1e9) }

    func record(_ value: Int64) { self.record(Double(value)) }

    func record(_ value: Double) {
        guard value.isFinite else { return }
        let bucket = self.bounds.firstIndex { value <= $0 } ?? self.bounds.count
        self.state.withLock { state in
            state.counts[bucket] += 1
            state.sum += value
        }
    }

    func write(_ name: String, _ labels: String, to lines: inout String) {
        let state = self.state.withLock { $0 }
        let prefix = labels.isEmpty ? "" : "\(labels),"
        var total: UInt64 = 0
        for (count, bound) in zip(state.counts, self.bounds + [.infinity]) {
            total += count
            self.line("\(name)_bucket", "\(prefix)le=\"\(PrometheusName.number(bound))\"", String(total), to: &lines)
        }
        self.line("\(name)_sum", labels, PrometheusName.number(state.sum), to: &lines)
        self.line("\(name)_count", labels, String(total), to: &lines)
    }
}
