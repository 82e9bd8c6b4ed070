// SPDX-License-Identifier: Apache-2.0

import OTP
import Testing

@testable import OTPRedis

/// Tests of the clock record, and of the comparison of readings.
@Suite struct ClockRecordTests {
    private static let present = StoreTime(milliseconds: 1_700_000_000_000)

    @Test func bytesAreTheEpochAndTheMarksInTheOrderOfTheirSlots() throws {
        #expect(ClockRecord().bytes == [0, 0, 0, 0, 0, 0, 0, 0])
        let record = ClockRecord()
            .restarted(
                ClockEpoch(rawValue: 0x0102_0304_0506_0708),
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
        let next = later.restarted(ClockEpoch(rawValue: 7), at: [0: Self.present + .seconds(-500)])
        #expect(next.marks == [0: Self.present + .seconds(-500), 100: Self.present])
        #expect(next.epoch == ClockEpoch(rawValue: 7))
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

    /// The duration of a round trip must not count as time that the server's clock has lost.
    @Test func slowReplyIsNoJump() {
        let earlier = ClockReading(time: Self.present + .seconds(50), start: .zero, end: .seconds(100))
        let reading = ClockReading(time: Self.present + .seconds(60), start: .seconds(10), end: .seconds(200))
        #expect(!reading.isBehind(earlier))
    }
}

extension StoreTime {
    fileprivate static func - (time: Self, duration: Duration) -> Self { time + (.zero - duration) }
}
