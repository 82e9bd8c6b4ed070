// SPDX-License-Identifier: Apache-2.0

package import Foundation
package import OTP
package import SMSKit
package import SendGuard

/// The limits of a phone number, and the guard rules that apply to the number.
package struct ExplainReport: Encodable, Sendable {
    /// A rule of the guard.
    package struct Rule: Encodable, Sendable {
        package var rule: String
        package var mode: String
        package var used: Int
        package var allowed: Int
        /// Whether an ordinary send would now reach the threshold of the rule.
        ///
        /// A send is ordinary if it has no passed human check, no entry on the allow-list, and no known device or number.
        package var isReached: Bool
        /// The time from which the rule admits an ordinary send (see ``isReached``); `nil` if the rule admits such a send now.
        package var freesAt: Date?

        fileprivate init(_ state: RuleState, at time: LedgerTime) {
            self.rule = state.rule.description
            self.mode = state.mode.description
            self.used = state.measured
            self.allowed = state.threshold
            self.isReached = state.isReached
            self.freesAt = state.isReached ? Date(timeIntervalSince1970: Double(time.seconds + state.wait)) : nil
        }
    }

    /// The masked phone number.
    package var to: String
    package var time: Date
    /// The limits of the phone number; empty if the store has no record of the number or cannot return the limits.
    package var limits: [LimitReport]
    /// The separate limits of the phone number for known devices.
    ///
    /// The value is `nil` if the policy has no such limits, or if the store cannot return them.
    package var deviceLimits: [LimitReport]?
    /// The states of the guard's rules; empty if there is no guard.
    package var rules: [Rule]

    /// Creates a report.
    ///
    /// - Parameters:
    ///   - number: The phone number.
    ///   - limits: The limits of the phone number; `nil` if the store cannot return the limits.
    ///   - hasDeviceLane: Whether the policy has separate limits for known devices.
    ///   - rules: The states of the guard's rules; `nil` if there is no guard.
    package init(
        _ number: PhoneNumber,
        _ limits: NumberLimits?,
        hasDeviceLane: Bool,
        _ rules: (time: LedgerTime, states: [RuleState])?
    ) {
        self.to = number.description
        self.time = limits?.time.date ?? Date(timeIntervalSince1970: Double(rules?.time.seconds ?? 0))
        self.limits = limits?.open.map(LimitReport.init) ?? []
        self.deviceLimits = hasDeviceLane ? limits?.device.map(LimitReport.init) : nil
        self.rules = rules.map { rules in rules.states.map { Rule($0, at: rules.time) } } ?? []
    }
}
