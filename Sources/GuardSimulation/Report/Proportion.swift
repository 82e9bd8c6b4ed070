// SPDX-License-Identifier: Apache-2.0

/// The share of trials in which an event occurred, such as a refusal, with a confidence interval.
package struct Proportion: Sendable, Hashable {
    /// The number of trials in which the event occurred.
    package var count: Int

    /// The number of trials.
    package var total: Int

    /// Creates a proportion.
    package init(_ count: Int, of total: Int) {
        self.count = count
        self.total = total
    }

    /// The share; 0 if there are no trials.
    package var value: Double { self.total > 0 ? Double(self.count) / Double(self.total) : 0 }

    /// The Wilson score interval with 95 % confidence; 0 to 1 if there are no trials.
    package var interval: ClosedRange<Double> {
        guard self.total > 0 else { return 0...1 }
        let (z, total, share) = (1.959_964, Double(self.total), self.value)
        let denominator = 1 + z * z / total
        let center = (share + z * z / (2 * total)) / denominator
        let margin = z * (share * (1 - share) / total + z * z / (4 * total * total)).squareRoot() / denominator
        // Without this case, rounding errors could move a limit below 0 or above 1.
        let low = self.count == 0 ? 0 : max(0, center - margin)
        let high = self.count == self.total ? 1 : min(1, center + margin)
        return low...high
    }

    static func + (left: Self, right: Self) -> Self { Self(left.count + right.count, of: left.total + right.total) }
}
