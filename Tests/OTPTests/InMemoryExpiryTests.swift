// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTP
import OTPTesting
import Testing

/// Tests that the memory of the store is proportional to the number of live entries, at a constant cost per step.
@Suite struct InMemoryExpiryTests {
    private let clock = ManualClock()
    private let store: InMemoryOTPStore

    init() {
        self.store = InMemoryOTPStore(clock: self.clock, start: Date(timeIntervalSince1970: 1_000))
    }

    private var now: StoreTime { StoreTime(milliseconds: 1_000_000) + self.clock.now.offset }

    /// Returns 16 bytes that are different for each number.
    private func bytes(_ number: Int) -> [UInt8] {
        withUnsafeBytes(of: UInt64(number).bigEndian) { Array($0) } + [UInt8](repeating: 0, count: 8)
    }

    private func redeem(_ number: Int, lifetime: Duration = .seconds(600)) async throws -> Bool {
        try await self.store.redeem(proof: self.bytes(number), expiringAt: self.now + lifetime, lifetime: .seconds(600))
    }

    @discardableResult
    private func issue(_ number: Int, _ limits: StoreLimits = StoreLimits()) async throws -> IssueDecision {
        try await self.store.issue(
            ChallengeReference(id: ChallengeID(bytes: self.bytes(number)), check: self.bytes(number)),
            code: ProtectedCode(keyID: "k1", authenticator: [1], sealed: []),
            for: PhoneNumberIndexes(PhoneNumberIndex(bytes: self.bytes(number))),
            limits: limits
        )
    }

    @Test func redeemedProofsAreRemovedAfterTheirExpiry() async throws {
        var largest = 0
        for number in 0..<30_000 {
            #expect(try await self.redeem(number))
            self.clock.advance(by: .seconds(1))
            largest = max(largest, self.store.entryCount.usedProofs)
        }
        // At any time, the marks of 660 proofs are kept: for 600 seconds, and for a minute after the expiry.
        #expect(largest <= 660 * 4 / 3 + 256)
    }

    @Test func otherStepsRemoveProofsToo() async throws {
        for number in 0..<2_000 { _ = try await self.redeem(number) }
        self.clock.advance(by: .seconds(660))
        for number in 0..<(2_000 + 256) / 4 { try await self.issue(number) }
        #expect(self.store.entryCount.usedProofs == 0)
    }

    @Test func numbersAreRemovedAfterTheirHistory() async throws {
        var largest = 0
        for number in 0..<20_000 {
            try await self.issue(number)
            self.clock.advance(by: .seconds(100))
            largest = max(largest, self.store.entryCount.numbers)
        }
        // With the default limits, the history of a number lasts a day. Therefore 864 numbers are live at any time.
        #expect(largest <= 864 * 4 / 3 + 256)
    }

    @Test func redemptionsRemoveNumbersToo() async throws {
        for number in 0..<2_000 { try await self.issue(number) }
        self.clock.advance(by: .seconds(86_400))
        for number in 0..<(2_000 + 256) / 4 { _ = try await self.redeem(number) }
        #expect(self.store.entryCount.numbers == 0)
    }

    @Test func noStepRemovesMoreThanAFewEntries() async throws {
        for number in 0..<5_000 {
            _ = try await self.redeem(number)
            try await self.issue(number)
        }
        self.clock.advance(by: .seconds(86_400))
        var before = self.store.entryCount
        while before.usedProofs > 0 || before.numbers > 0 {
            _ = try await self.redeem(0, lifetime: .zero)
            let after = self.store.entryCount
            #expect(before.usedProofs - after.usedProofs <= 4)
            #expect(before.numbers - after.numbers <= 4)
            before = after
        }
    }

    @Test func releaseAndUnlockLeaveNothingBehind() async throws {
        guard case .admitted(let admission) = try await self.issue(1) else { throw Unexpected() }
        let reference = ChallengeReference(id: ChallengeID(bytes: self.bytes(1)), check: self.bytes(1))
        let reservation = SendReservation(challenge: reference.id, time: admission.time, kind: .first)
        try await self.store.release(
            reservation,
            for: PhoneNumberIndexes(PhoneNumberIndex(bytes: self.bytes(1))),
            limits: StoreLimits()
        )
        // The count of consecutive rejections is kept for twice the longest wait.
        #expect(self.store.entryCount.numbers == 1)
        self.clock.advance(by: .seconds(120))
        for _ in 0..<100 {
            try await self.store.unlock(
                PhoneNumberIndexes(PhoneNumberIndex(bytes: self.bytes(2))),
                limits: StoreLimits()
            )
        }
        _ = try await self.store.cancel(
            reference.id,
            for: PhoneNumberIndexes(PhoneNumberIndex(bytes: self.bytes(3))),
            limits: StoreLimits()
        )
        #expect(self.store.entryCount.numbers == 0)
    }

    private struct Unexpected: Error {}
}
