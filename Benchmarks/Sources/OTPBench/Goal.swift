// SPDX-License-Identifier: Apache-2.0

/// A minimum ratio of the library to `redis-benchmark` with 64 tasks.
struct Goal: Sendable {
    let operation: String
    let leastRatio: Double

    static let all = [Goal(operation: "verify", leastRatio: 1.0), Goal(operation: "issue", leastRatio: 0.78)]

    /// Returns whether the median of the ratios reaches the goal.
    func isMet(by figures: [String: Double]) -> Bool { self.ratio(in: figures) >= self.leastRatio }

    /// Returns a line of text that compares the ratio with the goal.
    func line(_ figures: [String: Double]) -> String {
        let verdict = self.isMet(by: figures) ? "met" : "MISSED"
        return "goal: \(self.operation) at 64 tasks at least \(format(self.leastRatio, 2)) of redis-benchmark: "
            + "\(format(self.ratio(in: figures), 3)), \(verdict)"
    }

    private func ratio(in figures: [String: Double]) -> Double { figures["\(self.operation)Ratio64"] ?? 0 }
}
