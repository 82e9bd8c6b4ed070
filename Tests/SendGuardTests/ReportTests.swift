// SPDX-License-Identifier: Apache-2.0

import GuardSimulation
import OTPTesting
import SMSKit
import Testing

@testable import SendGuard

/// Tests of the report of a guard.
@Suite struct ReportTests {
    private static func report(_ sendGuard: SMSGuard) async throws -> ReportDay {
        await sendGuard.flushReport()
        return try #require(try await sendGuard.reports().last).report
    }

    @Test func countsSendsVerifiedCodesAndFindings() async throws {
        let fixture = try GuardFixture()
        for number in 0..<16 {
            let request = try GuardFixture.request(number, from: GuardFixture.address(number))
            _ = try await fixture.sendGuard.reserve(request)
        }
        let outcome = fixture.sendGuard.outcome(.verified, of: try GuardFixture.request(1))
        let failure = fixture.sendGuard.outcome(.failed, of: try GuardFixture.request(1))
        try await fixture.sendGuard.record([outcome, outcome, failure])
        let singapore = RegionCode(.singapore)
        #expect(
            try await Self.report(fixture.sendGuard).counts == [
                ReportedEvent(.sent, region: singapore, block: "65900"): 15,
                ReportedEvent(.verified, region: singapore, block: "65900"): 2,
                ReportedEvent(.found(GuardRule.Name(.unverified, .block), .block), region: singapore, block: "65900"):
                    1,
            ]
        )
    }

    @Test func monitoredRuleIsCountedWithTheSend() async throws {
        let rule = GuardRule.Name(.unverified, .source)
        let fixture = try GuardFixture { $0[rule]?.mode = .monitor }
        for number in 0..<42 { _ = try await fixture.sendGuard.reserve(GuardFixture.request(number, block: number)) }
        let report = try await Self.report(fixture.sendGuard)
        #expect(report.total(.sent) == 42)
        #expect(report.total(.found(rule, .monitor)) == 2)
    }

    @Test func releasedSendIsNotCounted() async throws {
        let fixture = try GuardFixture()
        _ = try await fixture.sendGuard.reserve(GuardFixture.request(1))
        let reservation = try #require(try await fixture.sendGuard.reserve(GuardFixture.request(2)).reservation)
        try await fixture.sendGuard.release(reservation)
        #expect(try await Self.report(fixture.sendGuard).total(.sent) == 1)
    }

    @Test func eachDayHasItsOwnCountsForThirtyTwoDays() async throws {
        let fixture = try GuardFixture()
        let day = { (offset: Int) in
            _ = try await fixture.sendGuard.reserve(GuardFixture.request(offset))
            await fixture.sendGuard.flushReport()
            fixture.clock.advance(by: .seconds(86_400))
        }
        for offset in 0..<3 { try await day(offset) }
        let reports = try await fixture.sendGuard.reports(ofLastDays: 4)
        #expect(reports.map { $0.report.total(.sent) } == [1, 1, 1, 0])
        #expect(zip(reports, reports.dropFirst()).allSatisfy { $0.day + 1 == $1.day })
        fixture.clock.advance(by: .seconds(29 * 86_400))
        #expect(
            try await fixture.sendGuard.reports(ofLastDays: 99).map { $0.report.total(.sent) }.prefix(3) == [1, 1, 0]
        )
    }

    @Test func manyBlocksAreCountedByRegion() {
        var day = ReportDay()
        let events = (0..<1_500).map { ReportedEvent(.sent, region: RegionCode(.singapore), block: "6\($0 + 10_000)") }
        day.add(Dictionary(uniqueKeysWithValues: events.map { ($0, 1) }))
        day.add([events[0]: 1, events[1_400]: 1])
        #expect(day.counts.count == 1_001)
        #expect(day.counts[events[0]] == 2)
        #expect(day.counts[ReportedEvent(.sent, region: RegionCode(.singapore))] == 501)
        #expect(day.total(.sent) == 1_502)
    }

    @Test func floodOfBlocksHasABoundInMemory() async throws {
        let fixture = try GuardFixture { $0.rules.removeAll() }
        for number in 0..<2_500 {
            var request = try GuardFixture.request()
            request.number = try PhoneNumber("+8613\(String(10_000 + number).dropFirst())12345")
            _ = try await fixture.sendGuard.reserve(request)
        }
        let report = try await Self.report(fixture.sendGuard)
        #expect(report.counts.count == 1_001)
        #expect(report.total(.sent) == 2_500)
    }

    @Test func reportCanBeOff() async throws {
        let ledger = InMemorySendLedger(clock: ManualClock())
        let sendGuard = try SMSGuard(
            policy: GuardFixture.policy,
            ledger: ledger,
            hash: .forSimulations,
            reportInterval: nil
        )
        _ = try await sendGuard.reserve(GuardFixture.request(1))
        #expect(try await Self.report(sendGuard) == ReportDay())
    }

    @Test func countsAreWrittenInTheBackground() async throws {
        let ledger = InMemorySendLedger(clock: ManualClock())
        let sendGuard = try SMSGuard(
            policy: GuardFixture.policy,
            ledger: ledger,
            hash: .forSimulations,
            reportInterval: .milliseconds(1)
        )
        for round in 1...2 {
            _ = try await sendGuard.reserve(GuardFixture.request(round))
            let deadline = ContinuousClock.now + .seconds(60)
            while try await sendGuard.reports().last?.report.total(.sent) != round {
                try #require(ContinuousClock.now < deadline, "the counts of round \(round) were not written")
                await Task.yield()
            }
        }
    }

    @Test func blockIsMaskedWithOneDigitMoreThanItsScope() throws {
        var request = try GuardFixture.request()
        request.number = try PhoneNumber("+44 7700 900123")
        let event = ReportedEvent(.sent, region: RegionCode(nil), block: request.reportedBlock)
        #expect(event.maskedBlock == "+4477009*****")
        #expect(request.block == "+44770090")
        #expect(ReportedEvent(.sent, region: RegionCode(nil)).maskedBlock == nil)
    }

    @Test func eventsHaveATextForm() throws {
        let kinds =
            [ReportedEvent.Kind.sent, .verified]
            + GuardMeasure.allCases.flatMap { measure in
                GuardScope.allCases.flatMap { scope in
                    GuardFinding.Effect.allCases.map { .found(GuardRule.Name(measure, scope), $0) }
                }
            }
        for kind in kinds {
            for region in [RegionCode(nil), RegionCode(.singapore)] {
                for block in ["", "65912"] {
                    let event = ReportedEvent(kind, region: region, block: block)
                    #expect(ReportedEvent("\(event)") == event)
                }
            }
        }
        #expect("\(ReportedEvent(.sent, region: RegionCode(.singapore), block: "65912"))" == "sent SG 65912")
    }

    @Test(arguments: [
        "", "sent", "sent SG ", "sent SG x", "sent sg", "sent SGP", "sent SG 65 1", "found SG", "unverified-block SG",
        "unverified-block/blocked SG", "unverified/block SG", " sent SG", "sent  SG", "sent SG ٣",
    ])
    func otherTextsAreNoEvents(text: String) {
        #expect(ReportedEvent(text) == nil)
    }
}
