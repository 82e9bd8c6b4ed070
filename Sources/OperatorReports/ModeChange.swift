// SPDX-License-Identifier: Apache-2.0

import Foundation
package import SendGuard

/// The request of an operator to change the mode of a rule.
package struct ModeChange: Sendable, Hashable {
    /// The mode name `policy`, which restores the mode of the policy.
    package static let policyMode = "policy"

    /// The names of all modes, including ``policyMode``.
    package static let modeNames = GuardMode.allCases.map(\.description) + [Self.policyMode]

    /// The rule.
    package let rule: GuardRule.Name

    /// The new mode; `nil` to restore the mode of the policy.
    package let mode: GuardMode?

    /// Creates a change; returns `nil` if `mode` is not one of ``modeNames``.
    ///
    /// - Parameters:
    ///   - rule: The rule.
    ///   - mode: The name of the new mode.
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
    ///   - policy: The policy, without the modes of rules that operators have set at run time.
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
