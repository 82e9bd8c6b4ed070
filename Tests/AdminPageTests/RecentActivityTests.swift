// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import AdminPage

/// Tests of the samples for the chart of the last hours.
@Suite(.timeLimit(.minutes(1))) struct RecentActivityTests {
    private static let now = Date(timeIntervalSince1970: 1_000_000)

    private static func sample(_ age: Double, day: Int = 1, sent: Int) -> RecentActivity.Sample {
        .init(time: Self.now.addingTimeInterval(-age), day: day, today: Activity(sent: sent))
    }

    @Test func barsAreTheChangesOfTheCounts() async throws {
        try await AdminSite.run { site async throws in
            #expect(await site.recent.intervals(until: Self.now).isEmpty)
            for (age, sent) in [(700.0, 10), (640, 14), (280, 20), (60, 21)] {
                await site.recent.add(Self.sample(age, sent: sent))
            }
            let bars = await site.recent.intervals(until: Self.now)
            #expect(bars.count == RecentActivity.intervals)
            #expect(bars.suffix(4) == [nil, Activity(sent: 4), Activity(), Activity(sent: 7)])
            #expect(bars.dropLast(3).allSatisfy { $0 == nil })
        }
    }

    @Test func countsBeginAgainEachDayAndNeverDecrease() async throws {
        try await AdminSite.run { site async throws in
            await site.recent.add(Self.sample(200, sent: 10))
            await site.recent.add(Self.sample(140, day: 2, sent: 3))
            // Released sends reduce the counts of the report.
            await site.recent.add(Self.sample(80, day: 2, sent: 1))
            #expect(await site.recent.intervals(until: Self.now).last == Activity(sent: 3))
        }
    }

    @Test func oldSamplesAreRemoved() async throws {
        try await AdminSite.run { site async throws in
            for minute in 0..<1_000 {
                let time = Self.now.addingTimeInterval(Double(minute) * 60)
                await site.recent.add(.init(time: time, day: 1, today: Activity(sent: minute)))
            }
            #expect(await site.recent.count <= 186)
        }
    }
}
