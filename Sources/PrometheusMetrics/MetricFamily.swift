// SPDX-License-Identifier: Apache-2.0

import Redaction

/// A metric with all its time series.
struct MetricFamily {
    /// The label value of the overflow series.
    ///
    /// When a metric has too many series, the overflow series contains the values of all further label combinations.
    private static let other = "other"

    /// The maximum length of a label value.
    private static let maximumValueLength = 128

    let kind: MetricDescription.Kind
    private let help: String
    private var series: [String: any MetricSeries] = [:]

    init(_ kind: MetricDescription.Kind, help: String) {
        self.kind = kind
        self.help = help
    }

    /// Returns the time series with the given labels, or creates the series.
    ///
    /// When the limit is reached, all further label combinations share one series. The memory is thus bounded.
    ///
    /// - Parameters:
    ///   - dimensions: The names and values of the labels.
    ///   - limit: The maximum number of series of the metric.
    /// - Returns: The series.
    mutating func series(_ dimensions: [(String, String)], limit: Int) -> any MetricSeries {
        let labels = Self.labels(dimensions)
        if let series = self.series[labels] { return series }
        guard self.series.count < limit else {
            return self.existing(Self.labels(dimensions.map { ($0.0, Self.other) }))
        }
        return self.existing(labels)
    }

    /// Appends the lines of the metric to a document, in a stable order.
    func write(_ name: String, to lines: inout String) {
        let type =
            switch self.kind {
            case .counter: "counter"
            case .gauge: "gauge"
            case .timer, .recorder: "histogram"
            }
        lines += "# HELP \(name) \(PrometheusName.escapedHelp(self.help))\n# TYPE \(name) \(type)\n"
        for (labels, series) in self.series.sorted(by: { $0.key < $1.key }) { series.write(name, labels, to: &lines) }
    }

    private mutating func existing(_ labels: String) -> any MetricSeries {
        if let series = self.series[labels] { return series }
        let series: any MetricSeries =
            switch self.kind {
            case .counter: CounterSeries()
            case .gauge: GaugeSeries()
            case .timer: HistogramSeries(HistogramSeries.seconds)
            case .recorder: HistogramSeries(HistogramSeries.values)
            }
        self.series[labels] = series
        return series
    }

    /// Returns the labels as text, sorted by name, with masked phone numbers and secrets.
    private static func labels(_ dimensions: [(String, String)]) -> String {
        var labels: [String: String] = [:]
        for (name, value) in dimensions {
            labels[PrometheusName.label(name)] = SecretMask.masked(String(value.prefix(Self.maximumValueLength)))
        }
        return labels.sorted { $0.key < $1.key }
            .map { "\($0.key)=\"\(PrometheusName.escapedValue($0.value))\"" }
            .joined(separator: ",")
    }
}
