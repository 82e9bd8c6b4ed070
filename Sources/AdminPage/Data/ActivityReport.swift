// SPDX-License-Identifier: Apache-2.0

import Foundation
import SendGuard

/// The guard's report for several days, with counts for each day, each region and each rule.
struct ActivityReport: Sendable {
    /// The counts of a region.
    struct Region: Sendable, Hashable {
        /// The code of the region; `--` for sends without a region.
        var code: String
        var total = Activity()
        /// The counts of each day.
        var days: [Activity]
    }

    /// The number of sends on which a rule had a given effect.
    struct Rule: Sendable, Hashable {
        var name: GuardRule.Name
        var effect: GuardFinding.Effect
        var total = 0
        /// The number of sends on each day.
        var days: [Int]
    }

    /// The first moment of each day.
    var days: [Date]
    /// The counts of each day.
    var activities: [Activity]
    var total: Activity
    /// The regions in descending order of requests.
    var regions: [Region]
    /// The rules in descending order of sends.
    var rules: [Rule]

    /// Creates a report.
    ///
    /// - Parameters:
    ///   - reports: The guard's reports of consecutive days.
    ///   - prices: The prices of messages.
    init(_ reports: [(day: Int, report: ReportDay)], _ prices: Prices) {
        let zero = reports.map { _ in Activity() }
        var (activities, regions, rules) = (zero, [String: Region](), [ReportedEvent.Kind: Rule]())
        for (position, entry) in reports.enumerated() {
            for (event, count) in entry.report.counts {
                activities[position].add(event, count, prices)
                let code = event.region.text
                regions[code, default: Region(code: code, days: zero)].days[position].add(event, count, prices)
                guard case .found(let name, let effect) = event.kind else { continue }
                let rule = Rule(name: name, effect: effect, days: reports.map { _ in 0 })
                rules[event.kind, default: rule].days[position] += count
            }
        }
        self.days = reports.map { Date(timeIntervalSince1970: Double($0.day) * 86_400) }
        self.activities = activities
        self.total = activities.reduce(Activity(), +)
        self.regions = regions.values
            .map { region in
                var region = region
                region.total = region.days.reduce(Activity(), +)
                return region
            }
            .sorted { ($1.total.requests, $0.code) < ($0.total.requests, $1.code) }
        self.rules = rules.values
            .map { rule in
                var rule = rule
                rule.total = rule.days.reduce(0, +)
                return rule
            }
            .sorted { ($1.total, "\($0.name)") < ($0.total, "\($1.name)") }
    }
}
