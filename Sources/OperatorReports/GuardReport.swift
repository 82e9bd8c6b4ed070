// SPDX-License-Identifier: Apache-2.0

import Foundation
package import SendGuard

/// The guard's report for several days.
///
/// The report contains the effects of all rules. For each region and each block of phone numbers, it also contains the counts
/// of sends and verified codes.
package struct GuardReport: Encodable {
    /// The number of sends on which a rule had a given effect, such as `block`.
    package struct Rule: Encodable {
        package var rule: String
        package var effect: String
        package var count: Int
        package var regions: [String: Int]
    }

    /// The number of sends to a region or a block of phone numbers, and the number of verified codes.
    package struct Conversion: Encodable {
        package var name: String
        package var sent: Int
        package var verified: Int

        /// The number of verified codes divided by the number of sends; `nil` if there are no sends.
        package var share: Double? { self.sent > 0 ? Double(self.verified) / Double(self.sent) : nil }
    }

    package var firstDay: String
    package var lastDay: String
    package var sent: Int
    package var verified: Int
    package var rules: [Rule]
    package var regions: [Conversion]
    package var blocks: [Conversion]

    package init(_ reports: [(day: Int, report: ReportDay)], mostBlocks: Int) {
        var sum: [ReportedEvent: Int] = [:]
        for (_, report) in reports { sum.merge(report.counts, uniquingKeysWith: +) }
        self.firstDay = Self.date(reports.first?.day ?? 0)
        self.lastDay = Self.date(reports.last?.day ?? 0)
        self.rules = Self.rules(sum)
        self.regions = Self.conversions(sum) { $0.region.text }
        self.blocks = Array(Self.conversions(sum, \.maskedBlock).prefix(mostBlocks))
        self.sent = self.regions.reduce(0) { $0 + $1.sent }
        self.verified = self.regions.reduce(0) { $0 + $1.verified }
    }

    private static func date(_ day: Int) -> String {
        Date(timeIntervalSince1970: Double(day) * 86_400).formatted(.iso8601.year().month().day())
    }

    private static func rules(_ counts: [ReportedEvent: Int]) -> [Rule] {
        var rules: [ReportedEvent.Kind: Rule] = [:]
        for (event, count) in counts {
            guard case .found(let name, let effect) = event.kind else { continue }
            var rule = rules[event.kind] ?? Rule(rule: "\(name)", effect: "\(effect)", count: 0, regions: [:])
            rule.count += count
            rule.regions[event.region.text, default: 0] += count
            rules[event.kind] = rule
        }
        return rules.values.sorted { ($0.rule, $0.effect) < ($1.rule, $1.effect) }
    }

    /// Groups the events by the name that the closure returns, and counts the sends and the verified codes of each group.
    ///
    /// The groups are in descending order of sends. Events without a name are ignored.
    private static func conversions(
        _ counts: [ReportedEvent: Int],
        _ name: (ReportedEvent) -> String?
    ) -> [Conversion] {
        var conversions: [String: Conversion] = [:]
        for (event, count) in counts {
            guard let name = name(event) else { continue }
            var conversion = conversions[name] ?? Conversion(name: name, sent: 0, verified: 0)
            switch event.kind {
            case .sent: conversion.sent += count
            case .verified: conversion.verified += count
            case .found: continue
            }
            conversions[name] = conversion
        }
        return conversions.values.sorted { ($1.sent, $0.name) < ($0.sent, $1.name) }
    }
}
