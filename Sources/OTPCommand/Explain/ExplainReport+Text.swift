// SPDX-License-Identifier: Apache-2.0

import JSONOutput
import OperatorReports

extension ExplainReport {
    /// The report as lines of text.
    var text: String {
        var lines = ["\(self.to) at \(self.time.rfc3339)", "limits of the number:"]
        lines += self.limits.isEmpty ? ["  nothing is stored"] : self.limits.map(\.line)
        if let deviceLimits = self.deviceLimits { lines += ["limits of known devices:"] + deviceLimits.map(\.line) }
        lines.append(self.rules.isEmpty ? "no guard (OTP_GUARD)" : "rules of the guard:")
        lines += self.rules.map(\.text)
        return lines.joined(separator: "\n")
    }
}

extension ExplainReport.Rule {
    fileprivate var text: String {
        let until = self.freesAt.map { ", reached until \($0.rfc3339)" } ?? ""
        return "  \(self.rule): \(self.used) of \(self.allowed), \(self.mode)\(until)"
    }
}

extension LimitReport {
    /// The limit as one line of text.
    fileprivate var line: String {
        let window = self.windowSeconds.map { " in \($0) s" } ?? ""
        let until = self.refusesUntil.map { ", refuses until \($0.rfc3339)" }
        let end = until ?? (self.refuses ? ", refuses until unlock" : "")
        return "  \(self.name): \(self.used)\(self.allowed.map { " of \($0)" } ?? "")\(window)\(end)"
    }
}
