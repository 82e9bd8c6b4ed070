// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTMLPages
import OperatorReports
import SendGuard

/// The page that explains the state of a phone number, or a decision of the guard.
struct LookUpView {
    /// The explanation of a phone number or a decision.
    enum Result {
        case number(ExplainReport)
        case events([EventReport])
    }

    var keyID: String
    var notices: [Notice] = []
    /// The ID of the look-up.
    ///
    /// The forms submit this ID, so that an action applies to the number on this page.
    var lookUpID: String?
    /// The explanation; `nil` before the first look-up, and after a look-up without a result.
    var result: Result?

    /// The whole page.
    var html: HTML {
        AdminFrame(title: "Look up", keyID: self.keyID, place: .lookUp, notices: self.notices)
            .html(
                """
                <div class="head"><h1>Look up</h1></div>
                <section class="card">
                <form method="post" action="/admin/look-up" class="line">
                <div><label for="subject">Phone number with its calling code, or ID of a decision</label>
                <input type="text" id="subject" name="subject" required autocomplete="off" autocapitalize="off" \
                spellcheck="false" maxlength="64" placeholder="+65 8123 4567"></div>
                <button class="primary">Look up</button>
                </form>
                </section>
                \(self.resultHTML)
                """
            )
    }

    private var resultHTML: HTML? {
        switch self.result {
        case .number(let report): self.number(report)
        case .events(let events): .joined(events.map(self.event))
        case nil: nil
        }
    }

    // MARK: Numbers

    private func number(_ report: ExplainReport) -> HTML {
        let device: HTML? = report.deviceLimits.map { limits in
            """
            <section class="card" aria-labelledby="device-title"><h2 id="device-title">Limits of known devices</h2>\
            \(self.limits(limits))</section>
            """
        }
        let rules: HTML =
            report.rules.isEmpty
            ? #"<p class="empty">The service has no guard.</p>"# : self.rules(report.rules)
        return """
            <div class="head"><h2 class="subject"><bdi>\(report.to)</bdi></h2><p class="small">at \(Texts.moment(report.time))</p></div>
            <div class="columns">
            <div>
            <section class="card" aria-labelledby="limits-title"><h2 id="limits-title">Limits of the number</h2>\
            \(self.limits(report.limits))</section>
            \(device)
            \(self.actions)
            </div>
            <section class="card" aria-labelledby="rules-title"><h2 id="rules-title">Rules of the guard</h2>\(rules)</section>
            </div>
            """
    }

    private func limits(_ limits: [LimitReport]) -> HTML {
        guard !limits.isEmpty else { return #"<p class="empty">Nothing is stored for this number.</p>"# }
        let rows = limits.map { limit -> HTML in
            let window: HTML? = limit.windowSeconds.map { " in \(Self.duration($0))" }
            let allowed: HTML? = limit.allowed.map { " of \(Texts.number($0))" }
            return """
                <tr><th scope="row">\(limit.name)\(window)</th><td>\(Texts.number(limit.used))\(allowed)</td>\
                <td class="text">\(Self.state(limit.refuses, limit.refusesUntil, "until it is unlocked"))</td></tr>
                """
        }
        return DataTable.html("Limits", [.text("Limit"), .number("Used"), .text("State")], rows)
    }

    private func rules(_ rules: [ExplainReport.Rule]) -> HTML {
        let rows = rules.sorted { $0.isReached && !$1.isReached }
            .map { rule -> HTML in
                """
                <tr><th scope="row"><code>\(rule.rule)</code></th><td>\(Self.use(rule))</td><td class="text extra">\(rule.mode)</td>\
                <td class="text">\(Self.state(rule.isReached, rule.freesAt, ""))</td></tr>
                """
            }
        return DataTable.html("Rules", [.text("Rule"), .number("Used"), .wideText("Mode"), .text("State")], rows)
    }

    private var actions: HTML {
        let field: HTML = #"<input type="hidden" name="look-up" value="\#(self.lookUpID ?? "")">"#
        return """
            <section class="card" aria-labelledby="actions-title"><h2 id="actions-title">Actions</h2>
            <p class="lead">Perform these actions only after the owner has proved their identity in another way.</p>
            <div class="buttons">
            <form method="post" action="/admin/unlock">\(field)<button class="secondary">Delete failed attempts</button></form>
            <form method="post" action="/admin/revoke">\(field)<button class="secondary">Revoke known devices</button></form>
            </div>
            </section>
            """
    }

    // MARK: Events

    private func event(_ event: EventReport) -> HTML {
        let values = event.values.sorted { $0.key < $1.key }
            .map { "<div><dt>\($0.key)</dt><dd>\($0.value)</dd></div>" as HTML }
        return """
            <section class="card event"><h2>\(event.kind) <span class="code">\(Texts.moment(event.time))</span></h2>\
            <dl class="values">\(.joined(values))</dl></section>
            """
    }

    // MARK: Parts

    private static func state(_ refuses: Bool, _ end: Date?, _ endless: String) -> HTML {
        guard refuses else { return #"<span class="tag good">admits</span>"# }
        return #"<span class="tag refused">refuses</span> \#(end.map { "until \(Texts.moment($0))" } ?? endless)"#
    }

    /// Returns the measured value and the threshold of a rule as text; a dash for a lockdown, which has no threshold.
    private static func use(_ rule: ExplainReport.Rule) -> String {
        rule.rule.hasPrefix("\(GuardMeasure.lockdown)-")
            ? "–" : "\(Texts.number(rule.used)) of \(Texts.number(rule.allowed))"
    }

    private static func duration(_ seconds: Int64) -> String {
        let units: [(Int64, String)] = [(86_400, "day"), (3_600, "hour"), (60, "minute")]
        guard let (unit, name) = units.first(where: { seconds.isMultiple(of: $0.0) }) else { return "\(seconds) s" }
        return seconds == unit ? "1 \(name)" : "\(seconds / unit) \(name)s"
    }
}
