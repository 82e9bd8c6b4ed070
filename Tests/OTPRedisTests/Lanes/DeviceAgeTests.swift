// SPDX-License-Identifier: Apache-2.0

import MovableClock
import OTP
import OTPRedis
import OTPTesting
import SMSKit
import Testing

/// Tests that the age of a device token depends only on the server's clock.
@Suite(.timeLimit(.minutes(2)))
struct DeviceAgeTests {
    private static func service(_ redis: TestRedis) throws -> (otp: OTPService, sms: RecordingSMSClient) {
        let sms = RecordingSMSClient()
        let otp = try redis.service(sms: sms, keys: try KeyRing.test()) { policy in
            policy.deviceLane = DeviceLane()
            policy.deviceTokenLifetime = .seconds(30 * 86_400)
        }
        return (otp, sms)
    }

    private static func device(_ otp: OTPService, _ sms: RecordingSMSClient) async throws -> DeviceToken {
        let number = LaneWorld.number
        let challenge = try await otp.issue(for: number, purpose: .signIn)
        let code = try #require(sms.lastCode(to: number))
        let proof = try await otp.verify(code, for: number, token: challenge.token, purpose: .signIn)
        return otp.deviceToken(for: proof)
    }

    private static func isKnown(_ device: DeviceToken, _ otp: OTPService) async throws -> Bool {
        let client = ClientInfo(deviceToken: device)
        let challenge = try await otp.issue(for: LaneWorld.number, purpose: .signIn, client: client)
        return challenge.token.text.hasPrefix("k1.")
    }

    @Test func tokenExpiresByTheServersClock() async throws {
        try await TestRedis.with(frozen: true) { redis in
            let (otp, sms) = try Self.service(redis)
            let device = try await Self.device(otp, sms)
            try redis.pass(.seconds(30 * 86_400 - 3_600))
            #expect(try await Self.isKnown(device, otp))
            try redis.pass(.seconds(3_600))
            #expect(try await Self.isKnown(device, otp) == false)
        }
    }

    @Test func elapsedTimeCountsBetweenTwoChecksOfTheClock() async throws {
        try await TestRedis.with(frozen: true) { redis in
            let (otp, sms) = try Self.service(redis)
            let device = try await Self.device(otp, sms)
            try redis.pass(.seconds(30 * 86_400 - 60 * 60))
            _ = try await redis.store.currentTime()
            let before = try #require(try await redis.store.currentTime())
            // Less than the interval of the checks.
            try redis.pass(.seconds(5))
            let after = try #require(try await redis.store.currentTime())
            #expect(after - before == .seconds(5))
            #expect(try await Self.isKnown(device, otp))
        }
    }

    @Test func tokenIsUnknownWhileTheServersClockIsBehindIt() async throws {
        try await TestRedis.with(frozen: true) { redis in
            let (otp, sms) = try Self.service(redis)
            let device = try await Self.device(otp, sms)
            for (jump, isKnown) in [(Duration.seconds(-86_400), false), (.seconds(2 * 86_400), true)] {
                try redis.clock.advance(by: jump)
                redis.monotonic.advance(by: .seconds(60))
                #expect(try await Self.isKnown(device, otp) == isKnown)
            }
        }
    }
}
