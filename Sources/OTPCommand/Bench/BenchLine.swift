// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The progress of a measurement in one line of a terminal, which changes each second.
struct BenchLine {
    private let task: Task<Void, Never>

    /// Starts to print; `nil` if standard error is no terminal.
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

    /// Removes the line.
    func end() { self.task.cancel() }

    private static func write(_ text: String) {
        // If standard error is closed, there is no place for the line.
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }
}
