// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTMLPages
import OperatorReports
import SendGuard

/// The page with the activity of the service, the state of its guard, and forms to change lockdowns and the modes of rules.
struct OverviewView {
    /// The periods of the report in days, from which the operator can choose.
    static let ranges = [1, 7, 30]

    /// The maximum number of rows in a table.
    static let mostRows = 20

    var keyID: String
    var notices: [Notice]
    var now: Date
    var report: ActivityReport
    /// The counts of the last intervals, with the oldest interval first; `nil` for an interval without a measurement.
    var recent: [Activity?]
    var status: GuardStatusReport
    var hasPrices: Bool
    var homeRegions: [String]

    /// The whole page.
    var html: HTML {
        AdminFrame(title: "Overview", keyID: self.keyID, place: .overview, notices: self.notices)
            .html(
                """
                <div class="head"><h1>Overview</h1>\(self.rangeLinks)</div>
                \(self.lockdownBanner)
                \(self.tiles)
                <section class="card">\(self.chart)\(self.source)</section>
                <div class="columns">
                <div>
                <section class="card" aria-labelledby="regions-title"><h2 id="regions-title">Regions</h2>\
                \(self.regionTable)</section>
                <section class="card" aria-labelledby="breakers-title"><h2 id="breakers-title">Open breakers</h2>\
                \(self.breakerTable)</section>
                \(self.lockdownCard)
                </div>
                <div>
                <section class="card" aria-labelledby="rules-title"><h2 id="rules-title">Rules</h2>\(self.ruleTable)</section>
                <section class="card" aria-labelledby="budgets-title"><h2 id="budgets-title">Budgets of today</h2>\
                \(self.budgetTable)</section>
                \(self.modeCard)
                </div>
                </div>
                """
            )
    }

    private var rangeLinks: HTML {
        let links = Self.ranges.map { days -> HTML in
            let current: HTML? = days == self.report.days.count ? #" aria-current="true""# : nil
            let name: HTML = days == 1 ? "Today" : "\(days) days"
            return #"<a href="/admin?days=\#(days)"\#(current)>\#(name)</a>"#
        }
        return #"<nav class="ranges" aria-label="Time range">\#(.joined(links))</nav>"#
    }

    private var lockdownBanner: HTML? {
        guard !self.status.lockdowns.isEmpty else { return nil }
        let parts = self.status.lockdowns.map { state -> HTML in
            let end: HTML? = state.freesAt.map { " until \(Texts.moment($0))" }
            return """
                <li><span><strong>\(Self.place(state.name))</strong>\(end)\(Self.weakness(of: state))</span>\
                <form method="post" action="/admin/lockdown"><input type="hidden" name="region" value="\(state.name)">\
                <button class="secondary" name="state" value="off" \
                aria-label="End the lockdown of \(Self.place(state.name))">End</button></form></li>
                """
        }
        return """
            <div class="notice error lockdown" role="status"><p><strong>Lockdown is on.</strong> Only known devices and known \
            numbers get messages.</p><ul>\(.joined(parts))</ul></div>
            """
    }

    /// Returns a note if the rule of a lockdown has the mode `off` or `monitor`; otherwise returns `nil`.
    ///
    /// During a lockdown, messages are sent only to known devices and known numbers. In these two modes, the rule does not
    /// enforce the lockdown.
    private static func weakness(of state: GuardStatusReport.State) -> HTML? {
        guard state.mode == "off" || state.mode == "monitor" else { return nil }
        return ", but \(state.rule) is \(state.mode), so it refuses no send"
    }

    /// Returns the display name of the place to which a lockdown applies: a region, or the whole service.
    static func place(_ name: String) -> String { name.isEmpty ? "Whole service" : "\(Texts.region(name)) (\(name))" }

    private var tiles: HTML {
        let total = self.report.total
        let share = total.conversion.map { "\($0) %" } ?? "–"
        var tiles = [
            Self.tile("Sent", Texts.number(total.sent), "messages"),
            Self.tile("Verified", Texts.number(total.verified), "\(share) of the sent messages"),
            Self.tile("Refused", Texts.number(total.refused), "by a rule of the guard"),
        ]
        if self.hasPrices {
            tiles.append(Self.tile("Cost", Texts.number(total.cost), "at one segment for each message"))
        }
        return #"<dl class="tiles">\#(.joined(tiles))</dl>"#
    }

    private static func tile(_ name: HTML, _ value: String, _ note: String) -> HTML {
        #"<div class="tile"><dt>\#(name)</dt><dd class="value">\#(value)</dd><dd class="note">\#(note)</dd></div>"#
    }

    private var chart: HTML {
        let isToday = self.report.days.count == 1
        let bars = isToday ? self.recentBars : zip(self.report.days, self.report.activities).map(Self.bar)
        guard bars.contains(where: { ($0.activity ?? Activity()) != Activity() }) else {
            let text: HTML =
                isToday
                ? "Nothing was sent while this process ran, or in the last three hours."
                : "Nothing was sent in these \(self.report.days.count) days."
            return #"<p class="empty">\#(text)</p>"#
        }
        let title = isToday ? "Requests per 5 minutes, last 3 hours" : "Requests per day"
        return BarChart(title: title, bars: bars).html
    }

    private static func bar(_ day: Date, _ activity: Activity) -> BarChart.Bar {
        BarChart.Bar(label: Texts.day(day), activity: activity)
    }

    private var recentBars: [BarChart.Bar] {
        self.recent.enumerated()
            .map { position, activity in
                let age = RecentActivity.interval * Double(self.recent.count - position)
                return BarChart.Bar(label: Texts.time(self.now.addingTimeInterval(-age)), activity: activity)
            }
    }

    /// The note about the source of the figures.
    private var source: HTML {
        let recent: HTML? =
            self.report.days.count == 1
            ? " This process reads them every minute for the chart of the last hours, so the chart begins when the process starts."
            : nil
        let cost: HTML? =
            self.hasPrices
            ? " Costs are in the unit of the policy's prices, at one segment for each message." : nil
        return """
            <p class="small">Times are in UTC. The figures are the guard's daily counts of all processes that share the Redis. \
            Processes write their counts every 10 seconds.\(recent) A send that several rules refuse counts once for each \
            rule.\(cost)</p>
            """
    }
}
