// SPDX-License-Identifier: Apache-2.0

extension GuardRule {
    /// Returns the rules as a Markdown table for the documentation.
    package static func table(of rules: [GuardRule]) -> String {
        let rows = rules.map { rule in
            "| `\(rule.name)` | \(rule.mode) | \(rule.threshold.description(of: rule.name.measure)) | \(rule.purpose) |"
        }
        return (["| Rule | Mode | Threshold | Purpose |", "|---|---|---|---|"] + rows).joined(separator: "\n")
    }
}

extension GuardRule.Threshold {
    /// Returns the settings of the threshold with their names in a policy file, such as `floor` 100 and `factor` 3.
    fileprivate func description(of measure: GuardMeasure) -> String {
        switch self {
        case .none: return "–"
        case .budget: return "the daily budget"
        case .growth(let floor, let factor): return "`floor` \(floor), `factor` \(factor)"
        case .regions(let count): return "`regions` \(count)"
        case .bucket(let bucket):
            var text = "`capacity` \(bucket.capacity), `checkedCapacity` \(bucket.checkedCapacity)"
            text += ", `pause` \(bucket.pause)"
            if bucket.doublings > 0 { text += ", `doublings` \(bucket.doublings)" }
            if measure == .failures { text += ", `weight` \(bucket.weight)" }
            text += ", `credit` \(bucket.credit)"
            if bucket.share > 0 { text += ", `share` \(bucket.share)" }
            return text
        }
    }
}
