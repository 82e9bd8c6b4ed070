// SPDX-License-Identifier: Apache-2.0

package import Foundation
package import SendGuard

/// The state of the guard, whose rules limit abusive sends.
///
/// The report contains the modes of all rules, and the states of rules in three lists:
///
/// - `lockdowns` contains the active lockdowns, in which an operator has stopped the sends to a region or of the whole service.
/// - `budgets` contains the daily limits on the number and the cost of messages.
/// - `openBreakers` contains every other rule whose threshold is reached, such as a limit on unverified sends.
package struct GuardStatusReport: Encodable {
    package struct Rule: Encodable {
        package var rule: String
        package var mode: String
        /// The rule's mode in the policy, if an operator has replaced it by another mode; otherwise `nil`.
        package var policyMode: String?
    }

    /// The state of a rule in one scope.
    package struct State: Encodable {
        package var rule: String
        /// The tenant, the region or the block of phone numbers; empty for the whole service.
        package var name: String
        package var mode: String
        package var used: Int
        package var allowed: Int
        /// The time from which the rule admits a send; `nil` if the rule admits a send now.
        package var freesAt: Date?
    }

    package var time: Date
    package var rules: [Rule]
    package var lockdowns: [State]
    package var openBreakers: [State]
    package var budgets: [State]

    package init(_ status: GuardStatus) {
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
