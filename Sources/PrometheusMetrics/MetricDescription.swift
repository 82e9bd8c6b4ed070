// SPDX-License-Identifier: Apache-2.0

/// The name, the kind and the help text of a metric that a program records.
package struct MetricDescription: Sendable, Hashable {
    /// The kind of a metric of swift-metrics.
    ///
    /// Closed by design: each kind has one form in the text format of Prometheus.
    package enum Kind: String, Sendable {
        case counter, timer, gauge, recorder
    }

    /// The label in swift-metrics, such as `otp.verify`.
    package let label: String

    /// The kind.
    package let kind: Kind

    /// The names of the dimensions.
    package let dimensions: [String]

    /// The help text, one sentence without a period.
    package let help: String

    /// Creates a description.
    ///
    /// - Parameters:
    ///   - label: The label in swift-metrics.
    ///   - kind: The kind.
    ///   - dimensions: The names of the dimensions.
    ///   - help: The help text, one sentence without a period.
    package init(_ label: String, _ kind: Kind, by dimensions: [String] = [], _ help: String) {
        self.label = label
        self.kind = kind
        self.dimensions = dimensions
        self.help = help
    }

    /// The name of the metric in Prometheus, such as `otp_verify_total`.
    package var name: String { PrometheusName.metric(self.label, self.kind) }
}
