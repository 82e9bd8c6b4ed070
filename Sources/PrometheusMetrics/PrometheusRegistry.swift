// SPDX-License-Identifier: Apache-2.0

package import Metrics
import Synchronization

/// A backend of swift-metrics for the text format of Prometheus, version 0.0.4.
///
/// Timers are exported as histograms in seconds. The name of a timer ends with `_seconds`, and the name of a counter ends with
/// `_total`. Handlers with the same name and labels share one time series. A time series exists until the process ends, because
/// a counter must not disappear.
package final class PrometheusRegistry: MetricsFactory {
    /// The media type of ``text``.
    package static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

    private let families: Mutex<[String: MetricFamily]>
    private let maximumSeries: Int

    /// Creates a registry.
    ///
    /// - Parameters:
    ///   - descriptions: The known metrics, which are exported even before their first value.
    ///   - maximumSeries: The maximum number of time series of one metric. Further label combinations share one series with the
    ///     label value `other`.
    package init(_ descriptions: [MetricDescription] = [], maximumSeries: Int = 512) {
        var families: [String: MetricFamily] = [:]
        for metric in descriptions { families[metric.name] = MetricFamily(metric.kind, help: metric.help) }
        self.families = Mutex(families)
        self.maximumSeries = maximumSeries
    }

    /// The current values of all metrics, sorted by name.
    package var text: String {
        // The values are read without the lock, so that a scrape never delays a measurement.
        let families = self.families.withLock { $0 }
        var lines = ""
        for (name, family) in families.sorted(by: { $0.key < $1.key }) { family.write(name, to: &lines) }
        return lines
    }

    // MARK: Handlers

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        self.series(label, .counter, dimensions) as? CounterSeries ?? CounterSeries()
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        self.series(label, .gauge, dimensions) as? GaugeSeries ?? GaugeSeries()
    }

    package func makeRecorder(
        label: String,
        dimensions: [(String, String)],
        aggregate: Bool
    ) -> any RecorderHandler {
        guard aggregate else { return self.series(label, .gauge, dimensions) as? GaugeSeries ?? GaugeSeries() }
        return self.series(label, .recorder, dimensions) as? HistogramSeries ?? HistogramSeries(HistogramSeries.values)
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        self.series(label, .timer, dimensions) as? HistogramSeries ?? HistogramSeries(HistogramSeries.seconds)
    }

    package func destroyCounter(_ handler: any CounterHandler) {}

    package func destroyMeter(_ handler: any MeterHandler) {}

    package func destroyRecorder(_ handler: any RecorderHandler) {}

    package func destroyTimer(_ handler: any TimerHandler) {}

    /// Returns the series of a metric; `nil` if a metric of another kind has the same name.
    private func series(
        _ label: String,
        _ kind: MetricDescription.Kind,
        _ dimensions: [(String, String)]
    ) -> (any MetricSeries)? {
        let name = PrometheusName.metric(label, kind)
        return self.families.withLock { families in
            var family = families.removeValue(forKey: name) ?? MetricFamily(kind, help: "The metric \(label)")
            defer { families[name] = family }
            return family.kind == kind ? family.series(dimensions, limit: self.maximumSeries) : nil
        }
    }
}
