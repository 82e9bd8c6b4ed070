// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTMLPages
import SMSKit
import SendGuard
import Testing

@testable import AdminPage

/// Tests of the figures and the charts of the page.
@Suite struct ActivityTests {
    private static let region = RegionCode(letters: 0x5347)
    private static let rule = GuardRule.Name(.unverified, .block)

    private static func report(_ sent: Int, _ verified: Int, _ refused: Int) -> ReportDay {
        ReportDay([
            ReportedEvent(.sent, region: Self.region, block: "65912"): sent,
            ReportedEvent(.verified, region: Self.region): verified,
            ReportedEvent(.found(Self.rule, .block), region: Self.region): refused,
            ReportedEvent(.found(Self.rule, .monitor), region: Self.region): 100,
        ])
    }

    @Test func reportSumsDaysRegionsAndRules() throws {
        var policy = GuardPolicy(homeRegions: [.singapore], serviceBudget: .init(messages: 1))
        policy.prices = [.singapore: 7]
        let reports = [(day: 20_000, report: Self.report(10, 5, 2)), (day: 20_001, report: Self.report(4, 1, 0))]
        let report = ActivityReport(reports, Prices(policy))
        #expect(
            report.activities == [
                .init(sent: 10, verified: 5, refused: 2, cost: 70), .init(sent: 4, verified: 1, cost: 28),
            ]
        )
        #expect(report.total == Activity(sent: 14, verified: 6, refused: 2, cost: 98) && report.total.conversion == 42)
        let region = try #require(report.regions.first)
        #expect(region.code == "SG" && region.total == report.total && region.days == report.activities)
        #expect(report.rules.map(\.total) == [200, 2] && report.rules[1].days == [2, 0])
        #expect(report.days.map(Texts.day) == ["4 Oct", "5 Oct"])
        #expect(Prices(nil).isEmpty && !Prices(policy).isEmpty)
    }

    @Test func scaleEndsAtARoundNumber() {
        let pairs = [(0, 2), (1, 2), (3, 4), (5, 6), (9, 10), (11, 20), (41, 60), (100, 100), (101, 200), (601, 800)]
        for (number, end) in pairs { #expect(BarChart.scale(number) == end) }
        #expect(BarChart.scale(.max) == .max)
    }

    @Test func numbersAndTimesAreReadable() {
        #expect(
            [0, 999, 1_000, 12_345, 1_234_567, -1_000].map(Texts.number) == [
                "0", "999", "1,000", "12,345", "1,234,567", "−1,000",
            ]
        )
        #expect(Texts.moment(Date(timeIntervalSince1970: 3_900)) == "1 Jan 01:05 UTC")
        #expect(Texts.region("SG") == "Singapore" && Texts.region("--") == "No region" && Texts.region("<") == "<")
    }

    @Test func barsAreStackedToTheirCounts() {
        let bars = [
            BarChart.Bar(label: "a", activity: Activity(sent: 8, verified: 2, refused: 2)),
            BarChart.Bar(label: "<b>", activity: nil),
        ]
        let html = BarChart(title: "T", bars: bars).html.text
        #expect(html.contains(#"<rect class="verified" x="50.4" y="160.0" width="259.2" height="40.0"/>"#))
        #expect(html.contains(#"<rect class="sent" x="50.4" y="40.0" width="259.2" height="120.0"/>"#))
        #expect(html.contains(#"<rect class="refused" x="50.4" y="0.0" width="259.2" height="40.0"/>"#))
        #expect(html.contains("not measured") && !html.contains("<b>"))
    }
}
