// SPDX-License-Identifier: Apache-2.0

import MovableClock
import OTP
import OTPTesting
import Testing

@testable import OTPRedis

/// Tests of the decoder of records.
@Suite struct PhoneNumberRecordTests {
    private static var records: [[UInt8]] {
        get throws { try GoldenRecord.contents().values.map(\.bytes).sorted { $0.count < $1.count } }
    }

    /// The decoder and the description of its result must not trap for any bytes.
    @Test func hostileBytesNeverTrap() throws {
        var random = SeededGenerator(seed: 20_261_128)
        let records = try Self.records
        var decoded = 0
        for round in 0..<60_000 {
            var bytes = records[round % records.count]
            switch round % 5 {
            case 0: bytes.removeLast(Int.random(in: 0...bytes.count, using: &random))
            case 1: bytes.removeFirst(Int.random(in: 0...bytes.count, using: &random))
            case 2:
                bytes = (0..<Int.random(in: 0...120, using: &random)).map { _ in .random(in: 0...255, using: &random) }
            case 3: bytes += records[Int.random(in: records.indices, using: &random)]
            default: break
            }
            for _ in 0..<Int.random(in: 0...4, using: &random) where !bytes.isEmpty {
                let position = Int.random(in: bytes.indices, using: &random)
                bytes[position] =
                    [0, 1, 3, 255, .random(in: 0...255, using: &random)].randomElement(using: &random) ?? 0
            }
            if round % 2 == 0, !bytes.isEmpty { bytes[bytes.count - 1] = UInt8(RecordLayout.version) }
            guard let record = try? PhoneNumberRecord(bytes) else { continue }
            decoded += 1
            let isPrintable = record.description.utf8.allSatisfy { $0 == 0x0A || (0x20...0x7E).contains($0) }
            #expect(isPrintable)
            let now = StoreTime(milliseconds: .random(in: 0...1 << 48, using: &random))
            #expect(record.limitUses(.init(), at: now).count == 9)
        }
        #expect(decoded > 2_000, "\(decoded)")
    }

    @Test(
        arguments: [
            ([], "shorter"), ([UInt8](repeating: 3, count: 16), "shorter"),
            ([UInt8](repeating: 2, count: 17), "version 2"),
            ([0, 0, 2, 9, 9] + [UInt8](repeating: 0, count: 13) + [3], "the length of the sends"),
            ([0, 9, 9] + [UInt8](repeating: 0, count: 13) + [3], "longer than the record"),
            ([0, 0, 0, 1, 2] + [UInt8](repeating: 0, count: 13) + [3], "truncated"),
            ([0, 0, 0, 0, 0, 0, 50, 4, 1] + [UInt8](repeating: 0, count: 7) + [3], "names a challenge"),
        ] as [([UInt8], String)]
    )
    func malformedRecordIsRefusedWithAReason(bytes: [UInt8], reason: String) {
        let error = #expect(throws: PhoneNumberRecord.Malformed.self) { try PhoneNumberRecord(bytes) }
        #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
    }

    /// The wait that a decoded record shows must be the wait that the store enforces.
    @Test func limitsOfTheRecordAgreeWithTheStore() async throws {
        try await TestRedis.with(frozen: true) { redis in
            var random = SeededGenerator(seed: 20_261_129)
            let limits = StoreLimits()
            for _ in 0..<25 {
                let number = PhoneNumberIndexes(PhoneNumberIndex(bytes: RedisOTPStoreTests.random(16)))
                for _ in 0..<24 {
                    try await Self.randomStep(redis, number, limits, &random)
                    let challenge = ChallengeReference(id: ChallengeID(bytes: RedisOTPStoreTests.random(16)), check: [])
                    let (records, time) = try await redis.store.inspect(number)
                    let uses = try records.first?.content.get().limitUses(limits, at: time) ?? []
                    let waits = uses.filter(\.refuses).map { $0.refusesUntil.map { $0 - time } }
                    let probe = try await redis.store
                        .issue(challenge.withCheck, code: Self.code, for: number, limits: limits)
                    guard case .refused(let refusal, _) = probe else {
                        #expect(waits.isEmpty, "\(uses)")
                        continue
                    }
                    // A limit without an end, such as the failure streak, outlasts every wait.
                    let expected = waits.contains(nil) ? nil : waits.compactMap(\.self).max()
                    #expect(refusal.retryAfter == expected, "\(uses)")
                }
            }
        }
    }

    @Test func recordOutOfUseIsShownLast() async throws {
        try await TestRedis.with { redis in
            let indexes = [
                PhoneNumberIndex(bytes: RedisOTPStoreTests.random(16)), .init(bytes: RedisOTPStoreTests.random(16)),
            ]
            for index in indexes {
                let challenge = ChallengeReference(id: ChallengeID(bytes: RedisOTPStoreTests.random(16)), check: [])
                _ = try await redis.store
                    .issue(challenge.withCheck, code: Self.code, for: .init(index), limits: .init())
            }
            for number in [
                PhoneNumberIndexes(indexes[0], others: [indexes[1]]), .init(indexes[1], others: [indexes[0]]),
            ] {
                let records = try await redis.store.inspect(number).records
                #expect(records.map(\.isUsed) == [true, false])
            }
            let unknown = PhoneNumberIndexes(PhoneNumberIndex(bytes: RedisOTPStoreTests.random(16)))
            #expect(try await redis.store.inspect(unknown).records.isEmpty)
        }
    }

    private static var code: ProtectedCode {
        ProtectedCode(keyID: "k1", authenticator: RedisOTPStoreTests.random(32), sealed: [])
    }

    /// Performs a random step: a send, a failed attempt at a new challenge, a rejected send, or a move of the clock.
    private static func randomStep(
        _ redis: TestRedis,
        _ number: PhoneNumberIndexes,
        _ limits: StoreLimits,
        _ random: inout SeededGenerator
    ) async throws {
        let challenge = ChallengeReference(id: ChallengeID(bytes: RedisOTPStoreTests.random(16)), check: []).withCheck
        let waits: [Int64] = [0, 1, 59, 60, 61, 299, 600, 3_599, 3_600]
        try redis.clock.advance(by: .seconds(waits.randomElement(using: &random) ?? 0))
        guard
            case .admitted(let admission) = try await redis.store
                .issue(challenge, code: Self.code, for: number, limits: limits)
        else { return }
        switch Int.random(in: 0..<3, using: &random) {
        case 0:
            let reservation = SendReservation(challenge: challenge.id, time: admission.time, kind: .first)
            try await redis.store.release(reservation, for: number, limits: limits)
        case 1:
            for _ in 0..<5 {
                let wrong = Attempt(candidates: [.init(keyID: "k1", authenticator: RedisOTPStoreTests.random(32))])
                _ = try await redis.store.verify(wrong, of: challenge, for: number, limits: limits)
            }
        default: break
        }
    }
}

extension ChallengeReference {
    fileprivate var withCheck: Self { Self(id: self.id, check: RedisOTPStoreTests.random(16)) }
}
