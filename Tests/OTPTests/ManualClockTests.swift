// SPDX-License-Identifier: Apache-2.0

import OTPTesting
import Synchronization
import Testing

/// Tests of `ManualClock`.
@Suite(.timeLimit(.minutes(1))) struct ManualClockTests {
    private let clock = ManualClock()

    private func sleeper(_ seconds: Int) -> Task<Duration, any Error> {
        Task {
            try await self.clock.sleep(until: .init(offset: .seconds(seconds)))
            return self.clock.now.offset
        }
    }

    @Test func theTestAwaitsTheSleepersThatItExpects() async throws {
        let tasks = [30, 10, 20].map(self.sleeper)
        try await self.clock.waitForSleepers(3)
        #expect(self.clock.sleeperCount == 3)
        #expect(self.clock.nextDeadline == .init(offset: .seconds(10)))
        self.clock.advance(by: .seconds(30))
        for task in tasks { #expect(try await task.value == .seconds(30)) }
        // The method returns immediately if enough tasks already sleep, or if the number is zero.
        try await self.clock.waitForSleepers(0)
    }

    @Test func theClockAdvancesFromSleeperToSleeper() async throws {
        let late = self.sleeper(20)
        let early = self.sleeper(10)
        try await self.clock.waitForSleepers(2)
        #expect(self.clock.advanceToNextSleeper())
        #expect(try await early.value == .seconds(10))
        #expect(self.clock.sleeperCount == 1)
        #expect(self.clock.advanceToNextSleeper())
        #expect(try await late.value == .seconds(20))
        #expect(!self.clock.advanceToNextSleeper())
        #expect(self.clock.now.offset == .seconds(20))
    }

    @Test func aDeadlineThatHasPassedDoesNotSuspend() async throws {
        self.clock.advance(by: .seconds(5))
        #expect(try await self.sleeper(5).value == .seconds(5))
        #expect(self.clock.sleeperCount == 0)
    }

    @Test func cancelledSleepersAndObserversThrow() async throws {
        let sleeper = self.sleeper(10)
        let observer = Task { try await self.clock.waitForSleepers(2) }
        try await self.clock.waitForSleepers(1)
        observer.cancel()
        await #expect(throws: CancellationError.self) { try await observer.value }
        sleeper.cancel()
        await #expect(throws: CancellationError.self) { _ = try await sleeper.value }
        #expect(self.clock.sleeperCount == 0)
        // This task is cancelled before it begins to sleep.
        let cancelled = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await self.clock.sleep(until: .init(offset: .seconds(99)))
        }
        await #expect(throws: CancellationError.self) { try await cancelled.value }
        #expect(self.clock.sleeperCount == 0)
    }
}
