// SPDX-License-Identifier: Apache-2.0

import Hiredis
import MovableClock
import OTP
import OTPTesting
import RedisTopologies
import SMSKit
import Testing

/// Tests of the TTLs in the store.
@Suite struct RetentionTests {
    private static let numbers = 1_500

    @Test func allKeysExpireAfterEveryWindow() async throws {
        try await TestRedis.with { redis in
            let sms = RecordingSMSClient()
            let otp = try redis.service(sms: sms, keys: try .test())
            try await withThrowingTaskGroup(of: Void.self) { group in
                for lane in 0..<15 {
                    group.addTask {
                        for index in stride(from: lane, to: Self.numbers, by: 15) {
                            try await Self.use(otp, sms, index)
                        }
                    }
                }
                try await group.waitForAll()
            }
            // The keys are a record for each number, a mark for each used proof, and the clock record.
            #expect(try await Self.keyCount(redis) == Self.numbers + Self.numbers / 3 + 1)
            // In this time, all keys expire except those with a failure streak, whose retention is longer.
            try redis.clock.advance(by: .seconds(31 * 86_400))
            try await waitUntil("only failure streaks and the clock record are left") {
                try await Self.keyCount(redis) == Self.numbers / 3 + 1
            }
            try redis.clock.advance(by: .seconds(370 * 86_400))
            try await waitUntil("nothing is left") { try await Self.keyCount(redis) == 0 }
        }
    }

    /// Issues a code for a number, and uses it in one of several ways.
    ///
    /// A third of the numbers make a wrong attempt. Another third verify the code and redeem the proof, and half of these
    /// numbers need a second attempt.
    private static func use(_ otp: OTPService, _ sms: RecordingSMSClient, _ index: Int) async throws {
        let number = try PhoneNumber("+65 \(81_000_000 + index)")
        let token = try await otp.issue(for: number, purpose: .signIn).token
        let code = try #require(sms.lastCode(to: number))
        func attemptWrong() async {
            await #expect(throws: OTPError.self) {
                try await otp.verify(
                    code == "000000" ? "000001" : "000000",
                    for: number,
                    token: token,
                    purpose: .signIn
                )
            }
        }
        switch index % 3 {
        case 0:
            break
        case 1:
            await attemptWrong()
        default:
            if index.isMultiple(of: 2) { await attemptWrong() }
            let proof = try await otp.verify(code, for: number, token: token, purpose: .signIn)
            try await otp.redeem(proof.token, for: number, purpose: .signIn)
        }
    }

    private static func keyCount(_ redis: TestRedis) async throws -> Int {
        guard case .integer(let count) = try await redis.client.send("DBSIZE") else { throw TestRedis.Unexpected() }
        return Int(count)
    }
}
