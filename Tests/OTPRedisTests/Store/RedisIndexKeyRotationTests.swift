// SPDX-License-Identifier: Apache-2.0

import Hiredis
import MovableClock
import OTP
import OTPRedis
import OTPTesting
import RedisTopologies
import SMSKit
import Testing

/// Tests of the store in Redis during the rotation of an index key.
///
/// During a rotation, processes use different orders of the keys.
@Suite struct RedisIndexKeyRotationTests {
    private static let number = PhoneNumber(e164: "+6581112222")!

    @Test func unknownTokenCausesNoWrite() async throws {
        try await TestRedis.with { redis in
            let (left, right, _) = try Self.pair(redis)
            let unknown = PhoneNumber(e164: "+6581113333")!
            _ = try await left.issue(for: Self.number, purpose: .signIn)
            let before = try await Self.calls(redis)
            let contents = try await redis.contents().map(\.value)
            let token = try Self.unknownToken
            for otp in [left, right, left] {
                for number in [Self.number, unknown] {
                    _ = try? await otp.verify("123456", for: number, token: token, purpose: .signIn)
                    _ = try? await otp.verifyTokenless("123456", for: number, purpose: .registration)
                    _ = try? await otp.resend(for: number, token: token, purpose: .signIn)
                    _ = try? await otp.cancel(for: number, token: token)
                    _ = try? await otp.status(for: number, token: token)
                    try await otp.unlock(for: unknown)
                }
            }
            let after = try await Self.calls(redis)
            for command in ["set", "append", "psetex", "pexpire"] {
                #expect(after[command] == before[command], "\(command)")
            }
            #expect(try await redis.contents().map(\.value) == contents)
        }
    }

    @Test func stepTakesOneMoreRead() async throws {
        try await TestRedis.with { redis in
            let (left, right, sms) = try Self.pair(redis)
            let token = try await left.issue(for: Self.number, purpose: .signIn).token
            let code = try #require(sms.lastCode(to: Self.number))
            _ = try? await right.verify("000000", for: Self.number, token: token, purpose: .signIn)
            let before = try await Self.calls(redis)
            _ = try await right.verify(code, for: Self.number, token: token, purpose: .signIn)
            let after = try await Self.calls(redis)
            #expect(after["exists", default: 0] - before["exists", default: 0] == 2)
            #expect(after["evalsha", default: 0] - before["evalsha", default: 0] == 1)
        }
    }

    @Test func unlockIsNotUndoneByConcurrentAttempts() async throws {
        try await TestRedis.with { redis in
            let (left, right, sms) = try Self.pair(redis) {
                $0.limits.cooldown = [.seconds(1)]
                $0.limits.sends = [WindowLimit(100, per: .seconds(3_600))]
            }
            for trial in 0..<20 {
                let number = PhoneNumber(e164: "+65811200\(trial + 10)")!
                for otp in [left, right] {
                    let token = try await otp.issue(for: number, purpose: .signIn).token
                    let code = try #require(sms.lastCode(to: number))
                    let wrong = code == "000000" ? "000001" : "000000"
                    for _ in 0..<5 { _ = try? await otp.verify(wrong, for: number, token: token, purpose: .signIn) }
                    try redis.clock.advance(by: .seconds(2))
                }
                let token = try Self.unknownToken
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for index in 0..<20 {
                        let otp = index.isMultiple(of: 2) ? left : right
                        group.addTask {
                            _ = try? await otp.verify("123456", for: number, token: token, purpose: .signIn)
                        }
                    }
                    group.addTask { try await left.unlock(for: number) }
                    try await group.waitForAll()
                }
                // If `unlock` had left ten failures within the hour, this issue would be refused.
                _ = try await right.issue(for: number, purpose: .signIn)
                try redis.clock.advance(by: .seconds(2))
            }
        }
    }

    @Test func refusedMessagesLockNoNumber() async throws {
        try await TestRedis.with { redis in
            let (left, right, _) = try Self.pair(
                redis,
                outcome: { _ in
                    .rejected(SMSError(code: "x", kind: .balance, message: "no balance"))
                }
            )
            for round in 0..<20 {
                let outcomes = await withTaskGroup(of: OTPError.Code?.self) { group in
                    for otp in [left, right] {
                        group.addTask {
                            let error = await #expect(throws: OTPError.self) {
                                try await otp.issue(for: Self.number, purpose: .signIn)
                            }
                            return error?.code
                        }
                    }
                    return await group.reduce(into: []) { $0.append($1) }
                }
                // One of two concurrent issues may be refused, because the send of the other is still counted.
                #expect(outcomes.contains(.deliveryFailed), "round \(round): \(outcomes)")
                try redis.clock.advance(by: .seconds(60))
            }
            _ = try? await right.verify("123456", for: Self.number, token: Self.unknownToken, purpose: .signIn)
            let error = await #expect(throws: OTPError.self) {
                try await right.issue(for: Self.number, purpose: .signIn)
            }
            #expect(error?.code == .deliveryFailed)
        }
    }

    @Test func concurrentFirstIssuesOfBothOrdersSendOneMoreMessageAtMost() async throws {
        try await TestRedis.with { redis in
            let (left, right, sms) = try Self.pair(redis)
            for trial in 0..<50 {
                let number = PhoneNumber(e164: "+65812100\(trial + 10)")!
                await withTaskGroup(of: Void.self) { group in
                    for index in 0..<6 {
                        let otp = index.isMultiple(of: 2) ? left : right
                        group.addTask { _ = try? await otp.issue(for: number, purpose: .signIn) }
                    }
                }
                let sent = sms.messages.count { $0.recipient == number }
                #expect(sent == 1 || sent == 2, "\(sent) messages")
                // From here on, all steps use the same record and therefore the same limit.
                for otp in [left, right] {
                    let error = await #expect(throws: OTPError.self) {
                        try await otp.issue(for: number, purpose: .signIn)
                    }
                    #expect(error?.code == .rateLimited)
                }
            }
        }
    }

    @Test func rotationOnAClusterFindsTheRecord() async throws {
        try await ClusterStoreTests.withCluster { group, _, client in
            let store = RedisOTPStore(client: client)
            for _ in 0..<20 {
                let indexes = (0..<2).map { _ in PhoneNumberIndex(bytes: RedisOTPStoreTests.random(16)) }
                let challenge = ChallengeReference(
                    id: ChallengeID(bytes: RedisOTPStoreTests.random(16)),
                    check: RedisOTPStoreTests.random(16)
                )
                let code = ProtectedCode(keyID: "k1", authenticator: RedisOTPStoreTests.random(32), sealed: [])
                let old = PhoneNumberIndexes(indexes[0])
                _ = try await store.issue(challenge, code: code, for: old, limits: .init())
                for number in [
                    PhoneNumberIndexes(indexes[0], others: [indexes[1]]), .init(indexes[1], others: [indexes[0]]),
                ] {
                    let status = try await store.status(of: challenge.id, for: number, limits: .init())
                    #expect(status?.attemptsRemaining == 5)
                }
            }
        }
    }

    private static func pair(
        _ redis: TestRedis,
        policy change: (inout OTPPolicy) -> Void = { _ in },
        outcome: @escaping @Sendable (SMSMessage) async -> SMSSendOutcome = { _ in .accepted(SMSReceipt(messageID: "1"))
        }
    ) throws -> (OTPService, OTPService, RecordingSMSClient) {
        let sms = RecordingSMSClient(outcome: outcome)
        let left = try redis.service(sms: sms, keys: .test(index: ["i1", "i2"]), policy: change)
        let right = try redis.service(sms: sms, keys: .test(index: ["i2", "i1"]), policy: change)
        return (left, right, sms)
    }

    private static var unknownToken: ChallengeToken {
        get throws { try ChallengeToken("v1." + String(repeating: "A", count: 43)) }
    }

    /// Returns the number of calls of each command, including calls from scripts.
    private static func calls(_ redis: TestRedis) async throws -> [String: Int] {
        guard case .bulk(let bytes) = try await redis.client.send("INFO", "commandstats") else {
            throw TestRedis.Unexpected()
        }
        var calls: [String: Int] = [:]
        for match in String(decoding: bytes, as: UTF8.self).matches(of: /cmdstat_([a-z]+):calls=(\d+)/) {
            calls[String(match.1)] = Int(match.2)
        }
        return calls
    }
}
