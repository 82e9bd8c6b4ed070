// SPDX-License-Identifier: Apache-2.0

import OperatorReports
import SendGuard

extension GuardReport {
    /// The report as lines of text.
    var text: String {
        let days = self.firstDay == self.lastDay ? self.lastDay : "\(self.firstDay) to \(self.lastDay)"
        let rules = self.rules.map { rule in
            let regions = rule.regions.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(5)
            return [
                rule.rule, Self.words(rule.effect), "\(rule.count)",
                regions.map { "\($0.key) \($0.value)" }.joined(separator: ", "),
            ]
        }
        let parts = [
            "\(days): \(self.sent) sent, \(self.verified) verified\(Self.share(self.sent, self.verified))",
            TextTable(["rule", "effect", "sends", "regions"], rules, alignedRight: [2]).text,
            Self.table("region", self.regions),
            Self.table("block", self.blocks),
        ]
        return parts.joined(separator: "\n\n")
    }

    private static func words(_ effect: String) -> String {
        effect == "\(GuardFinding.Effect.monitor)" ? "would have refused" : effect
    }

    private static func table(_ title: String, _ conversions: [Conversion]) -> String {
        let rows = conversions.map {
            [$0.name, "\($0.sent)", "\($0.verified)", $0.share.map { "\(Int(($0 * 100).rounded())) %" } ?? "–"]
        }
        return TextTable([title, "sent", "verified", "share"], rows, alignedRight: [1, 2, 3]).text
    }

    private static func share(_ sent: Int, _ verified: Int) -> String {
        sent > 0 ? " (\(Int((Double(verified) * 100 / Double(sent)).rounded())) %)" : ""
    }
}
