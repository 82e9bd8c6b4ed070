// SPDX-License-Identifier: Apache-2.0

import OTPTesting
import Testing

@testable import OTP

/// Tests of the binary form of a state, which a SQL store can save.
@Suite struct PhoneNumberStateBytesTests {
    private static let start = StoreTime(milliseconds: 1_700_000_000_000)

    private static func bytes(_ count: Int, _ random: inout SeededGenerator) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
    }

    /// Applies a random step to a state.
    private static func step(
        _ state: inout PhoneNumberState,
        _ challenges: [ChallengeReference],
        _ now: StoreTime,
        _ random: inout SeededGenerator
    ) {
        let limits = StoreLimits()
        guard let challenge = challenges.randomElement(using: &random) else { return }
        let code = ProtectedCode(keyID: "k1", authenticator: [1, 2], sealed: Bool.random(using: &random) ? [3] : [])
        switch Int.random(in: 0..<7, using: &random) {
        case 0, 1: _ = state.issue(challenge, code: code, limits: limits, at: now)
        case 2, 3:
            let isRight = Int.random(in: 0..<5, using: &random) == 0
            let attempt = Attempt(candidates: [.init(keyID: "k1", authenticator: isRight ? [1, 2] : [9, 9])])
            _ = state.verify(attempt, of: challenge, limits: limits, at: now)
        case 4: _ = state.resend(challenge, code: .new(code), limits: limits, at: now)
        case 5:
            let reservation = SendReservation(challenge: challenge.id, time: now, kind: .first)
            _ = state.release(reservation, limits: limits, at: now)
        default: _ = state.cancel(challenge.id, limits: limits, at: now)
        }
    }

    /// Returns the states after each step of a random walk.
    private static func states(_ count: Int, seed: UInt64) -> [PhoneNumberState] {
        var random = SeededGenerator(seed: seed)
        let challenges = (0..<4)
            .map { _ in
                ChallengeReference(id: ChallengeID(bytes: Self.bytes(16, &random)), check: Self.bytes(16, &random))
            }
        var state = PhoneNumberState()
        var now = Self.start
        return (0..<count)
            .map { _ in
                Self.step(&state, challenges, now, &random)
                // Without unlocking, the number would be locked for most of the walk.
                if Int.random(in: 0..<10, using: &random) == 0 { state.unlock() }
                now = now + .milliseconds(Int64.random(in: 0...3_600_000, using: &random))
                return state
            }
    }

    @Test func everyStateSurvivesARoundTrip() throws {
        let states = Self.states(5_000, seed: 1)
        #expect(Set(states).count > 1_000)
        for state in states {
            let decoded = try PhoneNumberState(bytes: state.bytes)
            #expect(decoded == state)
            #expect(decoded.bytes == state.bytes)
        }
    }

    @Test func bytesOfAStateDoNotChangeWithinAVersion() throws {
        var state = PhoneNumberState()
        #expect(state.bytes == [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
        let challenge = ChallengeReference(id: ChallengeID(bytes: [7]), check: [8])
        let code = ProtectedCode(keyID: "k", authenticator: [9], sealed: [])
        _ = state.issue(challenge, code: code, limits: StoreLimits(), at: Self.start)
        let wrong = Attempt(candidates: [.init(keyID: "k", authenticator: [0])])
        _ = state.verify(wrong, of: challenge, limits: StoreLimits(), at: Self.start)
        let time: [UInt8] = [1, 0x8B, 0xCF, 0xE5, 0x68, 0]
        let expiry: [UInt8] = [1, 0x8B, 0xCF, 0xE9, 0xFB, 0xE0]
        let sends: [UInt8] = [0, 1] + time + [1, 0, 0]
        let failures: [UInt8] = [0, 1] + time + [0, 1]
        let live: [UInt8] = [0, 1, 7, 0, 1, 8, 0, 1, 0x6B, 0, 1, 9, 0, 0] + expiry + [4, 1, 1]
        #expect(state.bytes == [1] + sends + failures + [0, 1] + live)
    }

    @Test(arguments: [0, 2, 255] as [UInt8]) func unknownVersionIsRefused(version: UInt8) {
        var bytes = PhoneNumberState().bytes
        bytes[0] = version
        #expect(throws: PhoneNumberState.DecodingFailure.unknownVersion) { try PhoneNumberState(bytes: bytes) }
    }

    @Test func truncatedAndExtendedBytesAreRefused() throws {
        for state in Self.states(200, seed: 2) {
            let bytes = state.bytes
            for count in 0..<bytes.count {
                #expect(throws: PhoneNumberState.DecodingFailure.corrupt) {
                    try PhoneNumberState(bytes: Array(bytes.prefix(count)))
                }
            }
            #expect(throws: PhoneNumberState.DecodingFailure.corrupt) { try PhoneNumberState(bytes: bytes + [0]) }
        }
    }

    @Test func mutatedBytesNeverTrap() {
        var random = SeededGenerator(seed: 3)
        let states = Self.states(300, seed: 4)
        var accepted = 0
        for _ in 0..<30_000 {
            guard var bytes = states.randomElement(using: &random)?.bytes else { continue }
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let position = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[position] = 0
                case 1: bytes[position] = 255
                case 2: bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                default: bytes.insert(UInt8.random(in: .min ... .max, using: &random), at: position)
                }
            }
            guard var state = try? PhoneNumberState(bytes: bytes) else { continue }
            accepted += 1
            // After decoding succeeds, no step may trap.
            let challenges = state.challenges.map { ChallengeReference(id: $0.key, check: $0.value.check) }
            let other = ChallengeReference(id: ChallengeID(bytes: [1]), check: [2])
            for second in 0..<8 {
                Self.step(&state, challenges + [other], Self.start + .seconds(second * 60), &random)
                _ = state.expiry(StoreLimits())
                _ = state.status(of: other.id, limits: StoreLimits(), at: Self.start)
            }
        }
        #expect(accepted > 1_000)
    }

    @Test func randomBytesNeverTrap() {
        var random = SeededGenerator(seed: 5)
        for _ in 0..<50_000 {
            let bytes = [1] + Self.bytes(Int.random(in: 0...80, using: &random), &random)
            _ = try? PhoneNumberState(bytes: bytes)
        }
    }
}
