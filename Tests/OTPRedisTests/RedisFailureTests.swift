import Hiredis
import MovableClock
import OTP
import OTPTesting
import PrivateRedis
import SMS
import Testing

@testable import OTPRedis

/// A store that fails opens nothing: no message is sent and no code is accepted.
@Suite struct RedisFailureTests {
    private let number = PhoneNumber(e164: "+6581112222")!

    @Test func fullServerComparesNothingAndLosesNothing() async throws {
        try await TestRedis.with { redis in
            let sms = RecordingSMSClient()
            let otp = try redis.service(sms: sms, keys: try .test())
            let token = try await otp.issue(to: self.number, purpose: .signIn).token!
            let code = sms.lastCode(to: self.number)!
            _ = try await redis.client.send("CONFIG", ["SET", "maxmemory", "1"])
            for guess in [code, "000000", code] {
                #expect(await self.failure(otp, guess, token) == .storeUnavailable)
            }
            let other = PhoneNumber(e164: "+6583334444")!
            let error = await #expect(throws: OTPError.self) { try await otp.issue(to: other, purpose: .signIn) }
            #expect(error?.code == .storeUnavailable)
            #expect(sms.messages.count == 1)
            _ = try await redis.client.send("CONFIG", ["SET", "maxmemory", "0"])
            #expect(await self.failure(otp, code, token) == nil)
        }
    }

    @Test func readOnlyServerComparesNothing() async throws {
        try await TestRedis.with { redis in
            let sms = RecordingSMSClient()
            let otp = try redis.service(sms: sms, keys: try .test())
            let token = try await otp.issue(to: self.number, purpose: .signIn).token!
            let code = sms.lastCode(to: self.number)!
            // A primary that cannot reach the replica it was told to need refuses to write, as a replica does.
            _ = try await redis.client.send("CONFIG", ["SET", "min-replicas-to-write", "1"])
            #expect(await self.failure(otp, code, token) == .storeUnavailable)
            _ = try await redis.client.send("CONFIG", ["SET", "min-replicas-to-write", "0"])
            #expect(await self.failure(otp, code, token) == nil)
        }
    }

    @Test func deadServerSendsNothingAndIsFoundAgain() async throws {
        try await TestRedis.with { redis in
            let sms = RecordingSMSClient()
            let otp = try redis.service(sms: sms, keys: try .test())
            _ = try await otp.issue(to: self.number, purpose: .signIn)
            try await redis.server.stop()
            let other = PhoneNumber(e164: "+6583334444")!
            let error = await #expect(throws: OTPError.self) { try await otp.issue(to: other, purpose: .signIn) }
            #expect(error?.code == .storeUnavailable)
            #expect(sms.messages.count == 1)
            try await redis.server.start()
            while true {
                do throws(OTPError) {
                    _ = try await otp.issue(to: other, purpose: .signIn)
                    break
                } catch {
                    #expect(error.code == .storeUnavailable)
                    await Task.yield()
                }
            }
            #expect(sms.messages.count == 2)
        }
    }

    /// What a hostile server may put into a reply is an error, and never traps later in a sum.
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
            switch try reply.byte() {
            case 0: _ = try reply.admission()
            case 7: _ = try reply.code()
            default: _ = try reply.refusal(NumberLimits()) { refusal, _ in refusal }
            }
        }
    }

    private func failure(_ otp: OTPService, _ code: String, _ token: ChallengeToken) async -> OTPError.Code? {
        do throws(OTPError) {
            _ = try await otp.verify(code, for: self.number, token: token, purpose: .signIn)
            return nil
        } catch {
            return error.code
        }
    }
}
