// SPDX-License-Identifier: Apache-2.0

import OTP
import Testing

@testable import OTPRedis

/// Tests of the record of the server's clock, and of comparisons of clock readings.
@Suite struct ClockRecordTests {
    private static let present = StoreTime(milliseconds: 1_700_000_000_000)

    @Test func bytesAreTheEpochAndTheMarksInTheOrderOfTheirSlots() throws {
        #expect(ClockRecord().bytes == [0, 0, 0, 0, 0, 0, 0, 0])
        let record = ClockRecord()
            .restarted(
                0x0102_0304_0506_0708,
                at: [0x1234: Self.present, 0: Self.present + .seconds(1)]
            )
        let time: [UInt8] = [0x01, 0x8B, 0xCF, 0xE5]
        #expect(
            record.bytes == [1, 2, 3, 4, 5, 6, 7, 8] + [0, 0] + time + [0x6B, 0xE8] + [0x12, 0x34] + time + [
                0x68, 0x00,
            ]
        )
        #expect(try ClockRecord(record.bytes) == record)
        #expect(try ClockRecord([]) == ClockRecord())
        let next = record.restarted(9, at: [0: Self.present])
        #expect(next.epoch.previousEnd == Self.present + .seconds(1))
        #expect(next.bytes.suffix(8) == [0x40, 0x00] + time + [0x6B, 0xE8])
        #expect(try ClockRecord(next.bytes) == next)
    }

    @Test(arguments: [1, 7, 9, 15, 17, 23])
    func bytesOfAnotherLengthAreRefused(_ count: Int) {
        #expect(throws: ScriptReply.unexpected) { try ClockRecord([UInt8](repeating: 0, count: count)) }
    }

    @Test func marksRiseAndFallOnlyInANewEpoch() {
        let record = ClockRecord().raised(to: [0: Self.present, 100: Self.present])
        let later = record.raised(to: [0: Self.present + .seconds(5), 100: Self.present + .seconds(-5)])
        #expect(later.marks == [0: Self.present + .seconds(5), 100: Self.present])
        #expect(later.epoch == .initial)
        let next = later.restarted(7, at: [0: Self.present + .seconds(-500)])
        #expect(next.marks == [0: Self.present + .seconds(-500), 100: Self.present])
        #expect(next.epoch == ClockEpoch(rawValue: 7, previousEnd: Self.present + .seconds(5)))
    }

    @Test func endOfTheEarlierEpochsNeverFalls() {
        let past = Self.present + .seconds(-500)
        var record = ClockRecord().raised(to: [0: Self.present])
        record = record.restarted(1, at: [0: past])
        #expect(record.epoch.previousEnd == Self.present)
        record = record.raised(to: [0: past + .seconds(100)]).restarted(2, at: [0: past])
        #expect(record.epoch.previousEnd == Self.present)
        record = record.restarted(3, at: [0: past], after: Self.present + .seconds(7))
        #expect(record.epoch.previousEnd == Self.present + .seconds(7))
        record = record.restarted(4, at: [0: past], after: past)
        #expect(record.epoch == ClockEpoch(rawValue: 4, previousEnd: Self.present + .seconds(7)))
        #expect(record.raised(to: [0: Self.present]).epoch == record.epoch)
    }

    /// A primary that does not reply must be ignored, because its clock may not have been set back.
    @Test func endIsTheHighestMarkOfThePrimariesThatReply() {
        let record = ClockRecord().raised(to: [0: Self.present, 100: Self.present + .seconds(50), 200: Self.present])
        let past = Self.present + .seconds(-500)
        #expect(record.restarted(1, at: [0: past, 200: past]).epoch.previousEnd == Self.present)
        #expect(record.restarted(1, at: [0: past, 100: past]).epoch.previousEnd == Self.present + .seconds(50))
    }

    @Test func clockHasReachedAtMostTheTimeThatHasPassed() {
        let earlier = ClockReading(time: Self.present, start: .zero, end: .seconds(1))
        let reading = ClockReading(time: Self.present, start: .seconds(1_000), end: .seconds(1_001))
        // The tolerance for the drift is 1 in 1,000.
        #expect(reading.latest(since: earlier) == Self.present + .seconds(1_001) + .milliseconds(1_001))
        let overtaken = ClockReading(time: Self.present, start: .seconds(-5), end: .seconds(-4))
        #expect(overtaken.latest(since: earlier) == Self.present)
    }

    @Test func markOfAPrimaryThatIsGoneForADayIsDropped() {
        let record = ClockRecord().raised(to: [0: Self.present, 100: Self.present])
        let day = Duration.seconds(86_400)
        #expect(record.raised(to: [0: Self.present + day - .milliseconds(1)]).marks.count == 2)
        #expect(record.raised(to: [0: Self.present + day]).marks.keys.sorted() == [0])
    }

    @Test func readingIsBehindAMarkByMoreThanHalfAMinute() {
        let reading = ClockReading(time: Self.present, start: .zero, end: .zero)
        #expect(!reading.isBehind(Self.present + .seconds(30)))
        #expect(reading.isBehind(Self.present + .milliseconds(30_001)))
    }

    @Test(arguments: [10, 100, 86_400])
    func readingIsBehindAnEarlierOneByMoreThanHalfAMinuteAndADrift(_ elapsed: Int) {
        let earlier = ClockReading(time: Self.present, start: .zero, end: .seconds(1))
        func reading(late: Duration) -> ClockReading {
            let start = Duration.seconds(elapsed + 1)
            return ClockReading(time: Self.present + .seconds(elapsed) - late, start: start, end: start + .seconds(9))
        }
        let drift = Duration.milliseconds(elapsed)
        #expect(!reading(late: .seconds(30) + drift).isBehind(earlier))
        #expect(reading(late: .seconds(30) + drift + .milliseconds(1)).isBehind(earlier))
    }

    /// A slow reply must not be mistaken for a jump of the server's clock.
    @Test func slowReplyIsNoJump() {
        let earlier = ClockReading(time: Self.present + .seconds(50), start: .zero, end: .seconds(100))
        let reading = ClockReading(time: Self.present + .seconds(60), start: .seconds(10), end: .seconds(200))
        #expect(!reading.isBehind(earlier))
    }
}

extension StoreTime {
    fileprivate static func - (time: Self, duration: Duration) -> Self { time + (.zero - duration) }
}
