// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A line in the terminal that shows the progress of a measurement.
struct BenchLine {
    private let task: Task<Void, Never>

    /// Prints the line, and updates it each second until ``end()`` is called; returns `nil` if standard error is not a
    /// terminal.
    init?(_ recorder: BenchRecorder, _ load: OpenLoad) {
        guard isatty(STDERR_FILENO) == 1 else { return nil }
        self.task = Task {
            let start = ContinuousClock.now
            while (try? await Task.sleep(for: .seconds(1))) != nil {
                let report = recorder.report(rate: load.rate, duration: ContinuousClock.now - start)
                let parts = report.steps.map { "\($0.step.rawValue) \($0.requests), p99 \($0.p99) ms" }
                Self.write("\r\u{1B}[K\(Int(report.seconds)) s  \(parts.joined(separator: "  "))")
            }
            Self.write("\r\u{1B}[K")
        }
    }

    /// Stops the updates, and removes the line.
    func end() { self.task.cancel() }

    private static func write(_ text: String) {
        // If standard error is closed, the line cannot be shown.
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }
}
