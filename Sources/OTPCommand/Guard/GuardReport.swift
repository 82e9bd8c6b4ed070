// SPDX-License-Identifier: Apache-2.0

import Foundation
import SendGuard

/// The output of `otp guard report`.
struct GuardReport: Encodable {
    /// A rule with one of its effects, such as `block`, and the number of sends on which the rule had this effect.
    struct Rule: Encodable {
        var rule: String
        var effect: String
        var count: Int
        var regions: [String: Int]
    }

    /// The number of sends to a region or to a block of numbers, and the number of these sends whose codes were verified.
    struct Conversion: Encodable {
        var name: String
        var sent: Int
        var verified: Int

        /// The share of verified sends; `nil` without sends.
        var share: Double? { self.sent > 0 ? Double(self.verified) / Double(self.sent) : nil }
    }

    var firstDay: String
    var lastDay: String
    var sent: Int
    var verified: Int
    var rules: [Rule]
    var regions: [Conversion]
    var blocks: [Conversion]

    init(_ reports: [(day: Int, report: ReportDay)], mostBlocks: Int) {
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

    /// Returns one conversion for each name, in descending order of sends.
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

extension GuardReport {
    /// The report as lines of text.
    var text: String {
        let days = self.firstDay == self.lastDay ? self.lastDay : "\(self.firstDay) to \(self.lastDay)"
        let rules = self.rules.map { rule in
            let regions = rule.regions.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(5)
            return [
                rule.rule, Self.words(rule.effect), "\(rule.count)",
                regions.map { "\($0.key) \($0.value)" }.joined(separator: ", "),
            ]
        }
        let parts = [
            "\(days): \(self.sent) sent, \(self.verified) verified\(Self.share(self.sent, self.verified))",
            TextTable(["rule", "effect", "sends", "regions"], rules, alignedRight: [2]).text,
            Self.table("region", self.regions),
            Self.table("block", self.blocks),
        ]
        return parts.joined(separator: "\n\n")
    }

    private static func words(_ effect: String) -> String {
        effect == "\(GuardFinding.Effect.monitor)" ? "would have refused" : effect
    }

    private static func table(_ title: String, _ conversions: [Conversion]) -> String {
        let rows = conversions.map {
            [$0.name, "\($0.sent)", "\($0.verified)", $0.share.map { "\(Int(($0 * 100).rounded())) %" } ?? "–"]
        }
        return TextTable([title, "sent", "verified", "share"], rows, alignedRight: [1, 2, 3]).text
    }

    private static func share(_ sent: Int, _ verified: Int) -> String {
        sent > 0 ? " (\(Int((Double(verified) * 100 / Double(sent)).rounded())) %)" : ""
    }
}
