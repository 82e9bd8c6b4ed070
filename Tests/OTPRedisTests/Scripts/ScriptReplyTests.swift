// SPDX-License-Identifier: Apache-2.0

import Hiredis
import OTP
import Testing

@testable import OTPRedis

/// Tests of valid replies of the scripts, and of replies that the scripts never return.
@Suite struct ScriptReplyTests {
    /// A hostile reply must throw an error, and must not trap later in a sum.
    @Test(arguments: [
        RedisReply.bulk([0] + [UInt8](repeating: 255, count: 18)),
        .bulk([1] + [0, 0, 0, 0, 0, 0] + [2, 9] + [0, 0, 0, 0, 0, 1]),
        .bulk([1] + [0, 0, 0, 0, 0, 0] + [9, 1] + [0, 0, 0, 0, 0, 1]),
        .bulk([1] + [0, 0, 0, 0, 0, 0] + [2, 0] + [0, 0, 0, 0, 0, 1]),
        .bulk([1] + [0, 0, 0, 0, 0, 0] + [1, 1] + [0, 0]),
        .bulk([7, 200, 1]), .bulk([0]), .bulk([]), .integer(0), .array([.integer(0)]), .null, .status("OK"),
    ])
    func repliesOfAnotherShapeAreErrors(reply: RedisReply) {
        #expect(throws: RedisError.self) {
            var reply = try ScriptReply(reply)
            switch try reply.kind() {
            case .success: _ = try reply.admission()
            default: _ = try reply.refusal(StoreLimits()) { refusal, _ in refusal }
            }
        }
    }

    @Test(
        arguments: [
            [], [0], [2, 0x6B], [0] + [UInt8](repeating: 1, count: 32), [0] + [UInt8](repeating: 1, count: 33),
        ] as [[UInt8]]
    )
    func truncatedCodesAreErrors(bytes: [UInt8]) {
        #expect(throws: RedisError.self) {
            var reply = try ScriptReply(.bulk(bytes))
            _ = try reply.code()
        }
    }

    @Test(
        arguments: [
            0, 1, 7, 255, -1, Int64.max, Int64.min, 1_500_000_000_000 << 8 - 1, 1_600_000_000_000 << 8 + 7 << 5,
        ] as [Int64]
    )
    func numbersThatAreNoVerdictAreErrors(value: Int64) {
        #expect(throws: RedisError.self) { try ScriptReply.verdict(.integer(value)) }
    }

    /// The reader must read the fields in the order of the format.
    @Test func everyFieldIsReadInTheOrderOfItsFormat() throws {
        func packed<Field: PackedFields>(_: Field.Type) -> RedisReply {
            // The value of each field is its position, counted from 1.
            .bulk(Field.allCases.enumerated().flatMap { [UInt8](repeating: 0, count: $1.size - 1) + [UInt8($0 + 1)] })
        }
        func time(_ milliseconds: Int64) -> StoreTime { StoreTime(milliseconds: milliseconds) }

        var admission = try ScriptReply(packed(ScriptReplyLayout.Admission.self))
        let kind = try admission.kind()
        #expect(kind.rawValue == 1)
        let admitted = Admission(time: time(2), expiresAt: time(3), resendAllowedAt: time(4), attemptsRemaining: 5)
        let actual = try admission.admission()
        #expect(actual == admitted)

        var status = try ScriptReply(packed(ScriptReplyLayout.Status.self))
        _ = try status.kind()
        let sends = try status.status().sendCount
        #expect(sends == 6)

        var refusal = try ScriptReply(packed(ScriptReplyLayout.Refusal.self))
        _ = try refusal.kind()
        var settings = OTPLimits()
        settings.failures = (1...4).map { WindowLimit($0, per: .seconds(60)) }
        let (limit, refusedAt) = try refusal.refusal(StoreLimits(settings)) { ($0, $1) }
        #expect(limit == Refusal(.failures(WindowLimit(4, per: .seconds(60))), retryAfter: .milliseconds(5)))
        #expect(refusedAt == time(2))

        var outcome = try ScriptReply(packed(ScriptReplyLayout.Outcome.self))
        _ = try outcome.kind()
        let decidedAt = try outcome.time()
        #expect(decidedAt == time(2))

        let verdict = try ScriptReply.verdict(.integer(1_600_000_000_000 << 8 + 6 << 5 + 31))
        #expect(verdict.time == time(1_600_000_000_000))
        #expect(verdict.kind == .mismatched)
        #expect(verdict.attemptsRemaining == 31)
    }
}
