// SPDX-License-Identifier: Apache-2.0

import Foundation
import Hiredis
import MovableClock
import OTP
import OTPRedis
import OTPTesting
import PrivateRedis
import Subprocess
import SystemPackage
import Testing
import TextFormats

/// Tests of the store on one server.
@Suite struct RedisOTPStoreTests {
    @Test func conforms() async throws {
        try await TestRedis.with(frozen: true) { redis in
            try await redis.showingRecords { try await redis.conformance.run() }
        }
    }

    @Test func revocationsConform() async throws {
        try await TestRedis.with(frozen: true) { redis in
            try await redis.conformance.checkRevokedDevices()
        }
    }

    @Test func revocationIsNotMovedBack() async throws {
        try await TestRedis.with(frozen: true) { redis in
            let number = PhoneNumberIndexes(PhoneNumberIndex(bytes: Self.random(16)))
            let issuedAt = try await redis.time()
            try await redis.store.revokeDevices(of: number)
            try redis.clock.advance(by: .seconds(-20))
            try await redis.store.revokeDevices(of: number)
            let challenge = ChallengeReference(id: ChallengeID(bytes: Self.random(16)), check: Self.random(16))
            let code = ProtectedCode(keyID: "k1", authenticator: Self.random(32), sealed: [])
            for (token, isRevoked) in [(issuedAt, true), (issuedAt + .milliseconds(1), false)] {
                let decision = try await redis.store.issue(
                    challenge,
                    code: code,
                    for: number,
                    limits: .init(),
                    device: token
                )
                #expect((decision == nil) == isRevoked)
            }
        }
    }

    @Test func proofsConform() async throws {
        try await TestRedis.with(frozen: true) { redis in
            try await redis.proofConformance.checkExpiryBeforeASmallSetBack { duration in
                // Reading a key removes it if it has expired.
                _ = try await redis.contents()
                try redis.clock.advance(by: .zero - duration)
            }
            try await redis.proofConformance.run()
        }
    }

    @Test func decidesAsTheSpecificationOverManySteps() async throws {
        try await TestRedis.with(frozen: true) { redis in
            let outcomes = try await redis.showingRecords {
                try await redis.conformance.checkRandomSteps(10_000, seed: 20_261_122)
            }
            for outcome in [
                "issue admitted", "issue refused", "verify matched", "verify mismatched", "verify exhausted",
                "verify locked", "verify absent", "verify unknownKey", "resend admitted", "resend refused",
                "resend exhausted", "resend absent", "cancel true", "cancel false",
            ] {
                #expect(outcomes[outcome, default: 0] > 5, "\(outcome): \(outcomes[outcome, default: 0])")
            }
            // Every TTL has elapsed. A key that remains would never expire.
            try redis.clock.advance(by: .seconds(401 * 86_400))
            #expect(try await redis.contents().isEmpty)
        }
    }

    @Test func oneOfManyRightAttemptsFromTwoProcessesIsAccepted() async throws {
        try await TestRedis.with { redis in
            let rounds = 100
            var lines: [String] = []
            for _ in 0..<rounds {
                let number = PhoneNumberIndexes(PhoneNumberIndex(bytes: Self.random(16)))
                let challenge = ChallengeReference(id: ChallengeID(bytes: Self.random(16)), check: Self.random(16))
                let code = ProtectedCode(keyID: "k1", authenticator: Self.random(32), sealed: [])
                _ = try await redis.store.issue(challenge, code: code, for: number, limits: .init())
                let fields = [number.current.bytes, challenge.id.bytes, challenge.check, code.authenticator]
                    .map(\.hex)
                lines.append([fields[0], fields[1], fields[2], code.keyID, fields[3]].joined(separator: " "))
            }
            let input = lines.joined(separator: "\n") + "\n"
            async let first = Self.work(redis.server.url, input)
            async let second = Self.work(redis.server.url, input)
            let (left, right) = try await (first, second)
            #expect(left.count == rounds && right.count == rounds)
            for (round, accepted) in zip(left, right).enumerated() {
                #expect(accepted.0 + accepted.1 == 1, "round \(round): \(accepted)")
            }
        }
    }

    /// The check cannot move the server's clock, so it must fail.
    @Test func failedConformanceStepShowsTheDecodedRecord() async throws {
        try await TestRedis.with(frozen: true) { redis in
            let stopped = OTPStoreConformance(store: redis.store) { _ in }
            let error = await #expect(throws: TestRedis.ConformanceFailure.self) {
                try await redis.showingRecords { try await stopped.checkRandomSteps(20_000, seed: 20_261_128) }
            }
            let text = try #require(error).description
            #expect(text.contains("seed 20261128, step"))
            #expect(text.contains("failed attempts: "))
            #expect(text.contains("attempts remaining"))
        }
    }

    @Test func scriptsAreLoadedAgainAfterAFlush() async throws {
        try await TestRedis.with { redis in
            let number = PhoneNumberIndexes(PhoneNumberIndex(bytes: Self.random(16)))
            let challenge = ChallengeReference(id: ChallengeID(bytes: Self.random(16)), check: Self.random(16))
            let code = ProtectedCode(keyID: "k1", authenticator: Self.random(32), sealed: [])
            _ = try await redis.store.issue(challenge, code: code, for: number, limits: .init())
            _ = try await redis.client.send("SCRIPT", ["FLUSH"])
            let attempt = Attempt(candidates: [.init(keyID: "k1", authenticator: code.authenticator)])
            let decision = try await redis.store.verify(attempt, of: challenge, for: number, limits: .init())
            guard case .matched = decision else {
                Issue.record("\(decision)")
                return
            }
        }
    }

    @Test func recordHoldsNoMoreFailuresThanTheLargestWindowCounts() async throws {
        try await TestRedis.with { redis in
            var settings = OTPLimits()
            settings.cooldown = [.zero]
            settings.sends = [WindowLimit(20, per: .seconds(60))]
            settings.failures = [WindowLimit(2, per: .seconds(3600))]
            let limits = try StoreLimits(settings)
            let number = PhoneNumberIndexes(PhoneNumberIndex(bytes: Self.random(16)))
            var challenges: [ChallengeReference] = []
            for _ in 0..<4 {
                let challenge = ChallengeReference(id: ChallengeID(bytes: Self.random(16)), check: Self.random(16))
                let code = ProtectedCode(keyID: "k1", authenticator: Self.random(32), sealed: [])
                guard case .admitted = try await redis.store.issue(challenge, code: code, for: number, limits: limits)
                else {
                    Issue.record("a challenge was not admitted")
                    return
                }
                challenges.append(challenge)
            }
            // The first attempt of each challenge is compared even during a lockout.
            var sizes: [Int] = []
            for challenge in challenges {
                let wrong = Attempt(candidates: [.init(keyID: "k1", authenticator: Self.random(32))])
                let decision = try await redis.store.verify(wrong, of: challenge, for: number, limits: limits)
                guard case .mismatched = decision else {
                    Issue.record("\(decision)")
                    return
                }
                sizes.append(try await redis.contents().reduce(0) { $0 + $1.value.count })
            }
            #expect(sizes[1] == sizes[0] + 20 && sizes[2] == sizes[1] && sizes[3] == sizes[1], "\(sizes)")
        }
    }

    @Test func attemptsAreCountedForHundredsOfChallenges() async throws {
        try await TestRedis.with { redis in
            var settings = OTPLimits()
            settings.cooldown = [.zero]
            settings.sends = [WindowLimit(500, per: .seconds(60))]
            settings.attemptsPerCode = 3
            let limits = try StoreLimits(settings)
            let number = PhoneNumberIndexes(PhoneNumberIndex(bytes: Self.random(16)))
            let keyID = String(repeating: "k", count: 32)
            let code = ProtectedCode(keyID: keyID, authenticator: Self.random(32), sealed: Self.random(64))
            let challenges = (0..<400)
                .map { _ in ChallengeReference(id: ChallengeID(bytes: Self.random(16)), check: Self.random(16)) }
            for challenge in challenges {
                _ = try await redis.store.issue(challenge, code: code, for: number, limits: limits)
            }
            // Positions in a record of this size need more than two bytes.
            #expect(try await redis.contents().reduce(0) { $0 + $1.value.count } > 66_000)
            for challenge in [challenges[0], challenges[399], challenges[0]] {
                for _ in 0..<4 {
                    let attempt = Attempt(candidates: [.init(keyID: keyID, authenticator: Self.random(32))])
                    _ = try await redis.store.verify(attempt, of: challenge, for: number, limits: limits)
                }
                let status = try await redis.store.status(of: challenge.id, for: number, limits: limits)
                #expect(status?.attemptsRemaining == 0)
            }
        }
    }

    @Test func malformedRecordsAreErrors() async throws {
        try await TestRedis.with { redis in
            let number = PhoneNumberIndexes(PhoneNumberIndex(bytes: Self.random(16)))
            let challenge = ChallengeReference(id: ChallengeID(bytes: Self.random(16)), check: Self.random(16))
            let code = ProtectedCode(keyID: "k1", authenticator: Self.random(32), sealed: [])
            _ = try await redis.store.issue(challenge, code: code, for: number, limits: .init())
            for (key, _, _) in try await redis.contents() {
                _ = try await redis.client.send("SET", [.text(key), "garbage", "PX", 60_000])
            }
            let attempt = Attempt(candidates: [.init(keyID: "k1", authenticator: code.authenticator)])
            await #expect(throws: RedisError.self) {
                try await redis.store.verify(attempt, of: challenge, for: number, limits: .init())
            }
            await #expect(throws: RedisError.self) {
                try await redis.store.issue(challenge, code: code, for: number, limits: .init())
            }
        }
    }

    @Test func recordsOfAnotherVersionAreErrorsAndStayUnchanged() async throws {
        try await TestRedis.with { redis in
            let number = PhoneNumberIndexes(PhoneNumberIndex(bytes: Self.random(16)))
            let challenge = ChallengeReference(id: ChallengeID(bytes: Self.random(16)), check: Self.random(16))
            let other = ChallengeReference(id: ChallengeID(bytes: Self.random(16)), check: Self.random(16))
            let code = ProtectedCode(keyID: "k1", authenticator: Self.random(32), sealed: [])
            _ = try await redis.store.issue(challenge, code: code, for: number, limits: .init())
            let (key, record, _) = try #require(try await redis.contents().first)
            let changed = record.dropLast() + [1]
            _ = try await redis.client.send("SET", [.text(key), .bytes(Array(changed)), "PX", 60_000])
            for (challenge, keyID) in [(challenge, "k1"), (challenge, "k2"), (other, "k1")] {
                let attempt = Attempt(candidates: [.init(keyID: keyID, authenticator: code.authenticator)])
                let error = await #expect(throws: RedisError.self) {
                    try await redis.store.verify(attempt, of: challenge, for: number, limits: .init())
                }
                #expect(error?.code == .server)
            }
            #expect(try await redis.contents().map(\.value) == [Array(changed)])
        }
    }

    static func random(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: .min ... .max) }
    }

    /// Runs a worker process, and returns the number of its accepted attempts in each round.
    private static func work(_ url: String, _ input: String) async throws -> [Int] {
        let folder = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let worker = URL(fileURLWithPath: folder).deletingLastPathComponent().path + "/RaceWorker"
        let result = try await run(
            .path(FilePath(worker)),
            arguments: [url, "2", "100"],
            input: .string(input),
            output: .string(limit: 65_536),
            error: .string(limit: 65_536)
        )
        #expect(result.terminationStatus.isSuccess, "\(result.standardError)")
        return result.standardOutput.split(separator: "\n").compactMap { Int($0) }
    }
}
