// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The report about the listeners of `otp serve`, printed when all listeners accept connections.
///
/// A class, because the listeners start concurrently and share the report.
final class ServeAnnouncement: Sendable {
    /// The JSON document for `--json`.
    struct Report: Encodable {
        var url: String?
        var metricsURL: String?
        var adminURL: String?
    }

    private let hasMetrics: Bool
    private let report = Mutex(Report())
    private let onCompletion: @Sendable (Report, _ lines: String) async -> Void

    /// Creates a report.
    ///
    /// - Parameters:
    ///   - hasMetrics: Whether there is a listener for metrics.
    ///   - onCompletion: Prints the report.
    init(hasMetrics: Bool, onCompletion: @escaping @Sendable (Report, _ lines: String) async -> Void) {
        self.hasMetrics = hasMetrics
        self.onCompletion = onCompletion
    }

    /// Records the URL of a listener, and prints the report if it is complete.
    ///
    /// - Parameters:
    ///   - member: The member of the report for this listener.
    ///   - url: The URL of the listener.
    func record(_ member: any WritableKeyPath<Report, String?> & Sendable, _ url: String) async {
        let report = self.report.withLock { report in
            report[keyPath: member] = url
            return report
        }
        guard let url = report.url, !self.hasMetrics || report.metricsURL != nil else { return }
        let lines = [
            "HTTP service  \(url)", report.metricsURL.map { "Metrics       \($0)" },
            report.adminURL.map { "Operators     \($0)" },
        ]
        .compactMap(\.self)
        await self.onCompletion(report, lines.joined(separator: "\n"))
    }
}
