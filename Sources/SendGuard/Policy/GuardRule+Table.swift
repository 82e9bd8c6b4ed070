// SPDX-License-Identifier: Apache-2.0

extension GuardRule {
    /// Returns the rules as a Markdown table for the documentation.
    package static func table(of rules: [GuardRule]) -> String {
        let rows = rules.map { rule in
            "| `\(rule.name)` | \(rule.mode) | \(rule.threshold.description(of: rule.name.measure)) | \(rule.purpose) |"
        }
        return (["| rule | mode | threshold | purpose |", "|---|---|---|---|"] + rows).joined(separator: "\n")
    }
}

extension GuardRule.Threshold {
    /// Returns the threshold as a phrase.
    fileprivate func description(of measure: GuardMeasure) -> String {
        switch self {
        case .none: return "–"
        case .budget: return "the policy's budget of a day"
        case .growth(let floor, let factor): return "\(floor) a day and \(factor) × the best recent day"
        case .regions(let count): return "\(count) regions"
        case .bucket(let bucket):
            var text = "\(bucket.capacity) units (\(bucket.checkedCapacity) after a human check)"
            if bucket.share > 0 { text += " and 1 for \(bucket.share) verified a day" }
            if bucket.weight > 1 { text += "; an event adds \(bucket.weight)" }
            text += "; a success removes \(bucket.credit); 1 drains after \(bucket.pause) s"
            if bucket.doublings > 0 { text += ", then each pause doubles, \(bucket.doublings) times" }
            return text
        }
    }
}
