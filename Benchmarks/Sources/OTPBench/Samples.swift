// SPDX-License-Identifier: Apache-2.0

/// The values of each figure, with one value per round.
struct Samples {
    private var values: [String: [Double]] = [:]

    mutating func add(_ name: String, _ value: Double) {
        self.values[name, default: []].append(value)
    }

    /// Returns the median of a figure over all rounds.
    subscript(_ name: String) -> Double? {
        guard let sorted = self.values[name]?.sorted(), !sorted.isEmpty else { return nil }
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    /// The medians of all figures.
    var medians: [String: Double] {
        Dictionary(uniqueKeysWithValues: self.values.keys.compactMap { name in self[name].map { (name, $0) } })
    }
}
