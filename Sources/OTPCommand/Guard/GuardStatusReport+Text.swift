// SPDX-License-Identifier: Apache-2.0

import JSONOutput
import OperatorReports

extension GuardStatusReport {
    /// The status as lines of text.
    var text: String {
        let rules = self.rules.map { [$0.rule, $0.mode, $0.policyMode.map { "policy: \($0)" } ?? ""] }
        return [
            "guard at \(self.time.rfc3339)",
            TextTable(["rule", "mode", ""], rules).text,
            Self.table("lockdowns", self.lockdowns),
            Self.table("open breakers", self.openBreakers),
            Self.table("budgets", self.budgets),
        ]
        .joined(separator: "\n\n")
    }

    private static func table(_ title: String, _ states: [State]) -> String {
        guard !states.isEmpty else { return "\(title): none" }
        let rows = states.map { state in
            let isLockdown = state.used == 0 && state.allowed == 0
            return [
                state.name.isEmpty ? state.rule : "\(state.rule) \(state.name)",
                state.mode,
                isLockdown ? "" : "\(state.used) of \(state.allowed)",
                state.freesAt.map { "until \($0.rfc3339)" } ?? "",
            ]
        }
        return TextTable(["\(title):", "mode", "used", ""], rows).text
    }
}
