// SPDX-License-Identifier: Apache-2.0

import Foundation
package import SendGuard

/// A change of the mode of a rule.
package struct ModeChange: Sendable, Hashable {
    /// The name of the mode that ends a change.
    package static let policyMode = "policy"

    /// The names of all modes, as an operator writes them.
    package static let modeNames = GuardMode.allCases.map(\.description) + [Self.policyMode]

    /// The rule.
    package let rule: GuardRule.Name

    /// The mode; `nil` for the mode of the policy.
    package let mode: GuardMode?

    /// Creates a change; `nil` if the text is no name of a mode.
    ///
    /// - Parameters:
    ///   - rule: The rule.
    ///   - mode: One of ``modeNames``.
    package init?(of rule: GuardRule.Name, to mode: String) {
        guard Self.modeNames.contains(mode) else { return nil }
        self.rule = rule
        self.mode = GuardMode.allCases.first { "\($0)" == mode }
    }

    /// Returns the name of the mode that applies after the change.
    func effectiveMode(in policy: GuardPolicy) -> String { "\(self.mode ?? policy[self.rule]?.mode ?? .off)" }

    /// Returns the audit event of the change.
    ///
    /// - Parameters:
    ///   - policy: The policy without run-time modes.
    ///   - operatorName: The name of the operator.
    /// - Returns: The event.
    package func event(in policy: GuardPolicy, by operatorName: String) -> AuditEvent {
        AuditEvent(
            .mode,
            at: Date(),
            [
                .rule: "\(self.rule)", .outcome: self.effectiveMode(in: policy), .operatorName: operatorName,
            ]
        )
    }
}
