// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTMLPages
import OperatorReports
import SendGuard

extension OverviewView {
    private var hasTrend: Bool { self.report.days.count > 1 }

    /// The table with the activity of each region.
    var regionTable: HTML {
        guard !self.report.regions.isEmpty else { return #"<p class="empty">No sends.</p>"# }
        let rows = self.report.regions.prefix(Self.mostRows)
            .map { region -> HTML in
                let total = region.total
                let share: HTML = total.conversion.map { "\($0) % \(Sparkline.share($0, "good"))" } ?? "–"
                let trend: HTML? = Sparkline.bars(region.days.map(\.requests), "sent")
                    .map { #"<td class="extra">\#($0)</td>"# }
                let cost: HTML? = self.hasPrices ? "<td>\(Texts.number(total.cost))</td>" : nil
                return """
                    <tr><th scope="row">\(Texts.region(region.code)) <span class="code">\(region.code)</span></th>\
                    <td>\(Texts.number(total.sent))</td><td class="meter">\(share)</td><td>\(Texts.number(total.refused))</td>\
                    \(cost)\(trend)</tr>
                    """
            }
        let cost: [DataTable.Column] = self.hasPrices ? [.number("Cost")] : []
        let columns: [DataTable.Column] =
            [.text("Region"), .number("Sent"), .number("Verified"), .number("Refused")] + cost + self.trendColumn
        return "\(DataTable.html("Regions", columns, rows))\(self.more(self.report.regions.count, "regions"))"
    }

    /// The table with the effects of each rule.
    var ruleTable: HTML {
        guard !self.report.rules.isEmpty else { return #"<p class="empty">No rule had an effect.</p>"# }
        let rows = self.report.rules.prefix(Self.mostRows)
            .map { rule -> HTML in
                let name: HTML = rule.effect.refuses ? "refused" : "noted"
                let trend: HTML? = Sparkline.bars(rule.days, name).map { #"<td class="extra">\#($0)</td>"# }
                return """
                    <tr><th scope="row"><code>\(rule.name.description)</code></th>\
                    <td class="text"><span class="tag \(name)">\(Self.effect(rule.effect))</span></td>\
                    <td>\(Texts.number(rule.total))</td>\(trend)</tr>
                    """
            }
        let columns: [DataTable.Column] = [.text("Rule"), .text("Effect"), .number("Sends")] + self.trendColumn
        return "\(DataTable.html("Rules", columns, rows))\(self.more(self.report.rules.count, "effects"))"
    }

    /// The table of open breakers, which are rules whose thresholds are reached.
    ///
    /// The table omits lockdowns and budgets.
    var breakerTable: HTML {
        guard !self.status.openBreakers.isEmpty else { return #"<p class="empty">All breakers are closed.</p>"# }
        let rows = self.status.openBreakers.map { state -> HTML in
            """
            <tr><th scope="row"><code>\(state.rule)</code></th><td class="text">\(Self.scope(state.name))</td>\
            <td class="extra">\(Texts.number(state.used)) of \(Texts.number(state.allowed))</td><td class="text extra">\(state.mode)</td>\
            <td class="text">\(state.freesAt.map(Texts.moment) ?? "")</td></tr>
            """
        }
        return DataTable.html(
            "Open breakers",
            [.text("Rule"), .text("Scope"), .wideNumber("Used"), .wideText("Mode"), .text("Closes at")],
            rows
        )
    }

    /// The table with the budgets and their current use.
    var budgetTable: HTML {
        let budgets = self.status.budgets.filter { $0.allowed > 0 || $0.used > 0 }
        guard !budgets.isEmpty else { return #"<p class="empty">No budget was used today.</p>"# }
        let rows = budgets.prefix(Self.mostRows)
            .map { state -> HTML in
                let percent = state.allowed > 0 ? Int(Double(state.used) / Double(state.allowed) * 100) : 100
                return """
                    <tr><th scope="row"><code>\(state.rule)</code></th><td class="text">\(Self.scope(state.name))</td>\
                    <td>\(Texts.number(state.used)) of \(Texts.number(state.allowed))</td>\
                    <td class="meter">\(percent) % \(Sparkline.share(percent, percent < 80 ? "sent" : "bad"))</td></tr>
                    """
            }
        let columns: [DataTable.Column] = [.text("Rule"), .text("Scope"), .number("Used"), .number("Share")]
        let table = DataTable.html("Budgets", columns, rows)
        return "\(table)\(self.more(budgets.count, "budgets"))"
    }

    private var trendColumn: [DataTable.Column] { self.hasTrend ? [.wideNumber("Per day")] : [] }

    private func more(_ count: Int, _ name: HTML) -> HTML {
        count > Self.mostRows
            ? #"<p class="small">The first \#(Self.mostRows) of \#(count) \#(name).</p>"# : ""
    }

    private static func scope(_ name: String) -> String { name.isEmpty ? "Whole service" : name }

    private static func effect(_ effect: GuardFinding.Effect) -> String {
        switch effect {
        case .alert: "alert"
        case .monitor: "would refuse"
        case .challenge: "human check"
        case .shadow: "shadow"
        case .block: "refused"
        }
    }
}
