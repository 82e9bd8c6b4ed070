// SPDX-License-Identifier: Apache-2.0

/// The label, the kind and the help text of a metric.
package struct MetricDescription: Sendable, Hashable {
    /// The kind of a metric in swift-metrics, which determines its Prometheus type.
    package enum Kind: String, Sendable {
        case counter, timer, gauge, recorder
    }

    /// The label in swift-metrics, such as `otp.verify`.
    package let label: String

    /// The kind of the metric.
    package let kind: Kind

    /// The names of the dimensions, which become labels in Prometheus.
    package let dimensions: [String]

    /// The help text, which is one sentence without a final period.
    package let help: String

    /// Creates a description.
    ///
    /// - Parameters:
    ///   - label: The label in swift-metrics, such as `otp.verify`.
    ///   - kind: The kind of the metric.
    ///   - dimensions: The names of the dimensions, which become labels in Prometheus.
    ///   - help: The help text, which is one sentence without a final period.
    package init(_ label: String, _ kind: Kind, by dimensions: [String] = [], _ help: String) {
        self.label = label
        self.kind = kind
        self.dimensions = dimensions
        self.help = help
    }

    /// The name of the metric in Prometheus, such as `otp_verify_total`.
    package var name: String { PrometheusName.metric(self.label, self.kind) }
}
