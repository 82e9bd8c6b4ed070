// SPDX-License-Identifier: Apache-2.0

import Foundation
import JSONOutput
import SendGuard

/// The output of `otp guard status`.
struct GuardStatusReport: Encodable {
    struct Rule: Encodable {
        var rule: String
        var mode: String
        /// The mode in the policy; `nil` unless another mode was set at run time.
        var policyMode: String?
    }

    /// A rule in one scope.
    struct State: Encodable {
        var rule: String
        /// The tenant, the region or the block of numbers; empty for the whole service.
        var name: String
        var mode: String
        var used: Int
        var allowed: Int
        /// The time at which the rule admits a send again; `nil` if it admits one now.
        var freesAt: Date?
    }

    var time: Date
    var rules: [Rule]
    var lockdowns: [State]
    var openBreakers: [State]
    var budgets: [State]

    init(_ status: GuardStatus) {
        self.time = Date(timeIntervalSince1970: Double(status.time.seconds))
        self.rules = status.rules.map {
            Rule(rule: "\($0.name)", mode: "\($0.mode)", policyMode: $0.runTimeMode == nil ? nil : "\($0.policyMode)")
        }
        let states = status.scopes.flatMap { scope in
            scope.states.map { state in
                (
                    state,
                    State(
                        state,
                        scope.name,
                        freesAt: Date(timeIntervalSince1970: Double(status.time.seconds + state.wait))
                    )
                )
            }
        }
        func select(_ measures: Set<GuardMeasure>, _ isIncluded: (RuleState) -> Bool) -> [State] {
            states.filter { measures.contains($0.0.rule.measure) && isIncluded($0.0) }.map(\.1)
        }
        self.lockdowns = select([.lockdown], \.isReached)
        self.openBreakers = select([.growth, .unverified, .failures, .destinations], \.isReached)
        self.budgets = select([.messages, .money]) { _ in true }
    }
}

extension GuardStatusReport.State {
    fileprivate init(_ state: RuleState, _ name: String, freesAt: Date) {
        self.init(
            rule: "\(state.rule)",
            name: name,
            mode: "\(state.mode)",
            used: state.measured,
            allowed: state.threshold,
            freesAt: state.isReached ? freesAt : nil
        )
    }
}

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
