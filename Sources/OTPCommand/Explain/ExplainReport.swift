// SPDX-License-Identifier: Apache-2.0

import Foundation
import JSONOutput
import SMSKit
import SendGuard

/// The limits of a number and the rules of the guard, as `otp explain` shows them.
struct ExplainReport: Encodable {
    /// A rule of the guard.
    struct Rule: Encodable {
        var rule: String
        var mode: String
        var used: Int
        var allowed: Int
        /// Whether an ordinary send would now reach the threshold of the rule.
        var isReached: Bool
        /// The time at which the rule admits a send; `nil` if it admits one now.
        var freesAt: Date?

        init(_ state: RuleState, at time: LedgerTime) {
            self.rule = state.rule.description
            self.mode = state.mode.description
            self.used = state.measured
            self.allowed = state.threshold
            self.isReached = state.isReached
            self.freesAt = state.isReached ? Date(timeIntervalSince1970: Double(time.seconds + state.wait)) : nil
        }

        var text: String {
            let until = self.freesAt.map { ", reached until \($0.rfc3339)" } ?? ""
            return "  \(self.rule): \(self.used) of \(self.allowed), \(self.mode)\(until)"
        }
    }

    var to: String
    var time: Date
    /// The limits of the number; empty if the store has no record of the number.
    var limits: [RecordReport.Limit]
    /// The limits of known devices; `nil` without a device lane.
    var deviceLimits: [RecordReport.Limit]?
    var rules: [Rule]

    init(
        number: PhoneNumber,
        time: Date,
        limits: [RecordReport.Limit],
        deviceLimits: [RecordReport.Limit]?,
        rules: [Rule]
    ) {
        self.to = number.description
        self.time = time
        self.limits = limits
        self.deviceLimits = deviceLimits
        self.rules = rules
    }

    var text: String {
        var lines = ["\(self.to) at \(self.time.rfc3339)", "limits of the number:"]
        lines += self.limits.isEmpty ? ["  nothing is stored"] : self.limits.map(\.line)
        if let deviceLimits = self.deviceLimits { lines += ["limits of known devices:"] + deviceLimits.map(\.line) }
        lines.append(self.rules.isEmpty ? "no guard (OTP_GUARD)" : "rules of the guard:")
        lines += self.rules.map(\.text)
        return lines.joined(separator: "\n")
    }
}

extension RecordReport.Limit {
    /// The limit as a line of text.
    fileprivate var line: String {
        let window = self.windowSeconds.map { " in \($0) s" } ?? ""
        let until = self.refusesUntil.map { ", refuses until \($0.rfc3339)" }
        let end = until ?? (self.refuses ? ", refuses until unlock" : "")
        return "  \(self.name): \(self.used)\(self.allowed.map { " of \($0)" } ?? "")\(window)\(end)"
    }
}

/// An audit event, as `otp explain` shows it.
struct EventReport: Encodable {
    var kind: String
    var time: Date
    var values: [String: String]

    init(_ event: AuditEvent) {
        self.kind = event.kind.description
        self.time = event.time
        self.values = Dictionary(uniqueKeysWithValues: event.fields.map { ($0.key.description, $0.value) })
    }

    var text: String {
        let values = self.values.sorted { $0.key < $1.key }.map { "  \($0.key): \(TerminalText.escaped($0.value))" }
        return (["\(self.kind) at \(self.time.rfc3339)"] + values).joined(separator: "\n")
    }
}
