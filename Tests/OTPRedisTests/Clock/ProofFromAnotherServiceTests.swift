// SPDX-License-Identifier: Apache-2.0

import Hiredis
import MovableClock
import OTP
import Testing

@testable import OTPRedis

/// Tests of proofs from another service, after the clock of the redeeming service was set back.
///
/// Such a proof may have been created before the clock was set back.
@Suite(.timeLimit(.minutes(3))) struct ProofFromAnotherServiceTests {
    /// The first example is from a bug report.
    @Test(
        arguments: [(86_400, 86_500), (86_400, 86_999), (3_600, 3_700), (700, 761), (120, 700)],
        ClockLook.allCases
    )
    func proofIsRefusedAfterItsLifetimeAndAMinute(_ times: (jump: Int, attempt: Int), _ look: ClockLook) async throws {
        try await ClockProcess.with(3) { redis, processes in
            let proof = try await processes[0].proveElsewhere()
            try redis.setBack(.seconds(times.jump))
            let redeemer = try await redis.pass(.seconds(times.attempt), processes, look)
            #expect(await redeemer.redeemElsewhere(proof) == .invalidProof)
        }
    }

    @Test(arguments: ClockLook.allCases)
    func redeemedProofIsNotRedeemedAgainAfterTheClockWentForwardAndBack(_ look: ClockLook) async throws {
        try await ClockProcess.with(3) { redis, processes in
            let proof = try await processes[0].proveElsewhere()
            #expect(await processes[0].redeemElsewhere(proof) == nil)
            try redis.clock.advance(by: .seconds(3_600))
            try await redis.passWithChecks(.seconds(10), [processes[0]])
            try redis.setBack(.seconds(3_600))
            let redeemer = try await redis.pass(ServerClock.longestGap, processes, look)
            #expect(await redeemer.redeemElsewhere(proof) == .invalidProof)
        }
    }

    /// No process reads the clock in the half minute before the jump.
    @Test func proofFromBetweenTheLastCheckAndTheJumpIsRefused() async throws {
        try await ClockProcess.with(2) { redis, processes in
            try await processes[0].store.checkClock()
            try redis.clock.advance(by: .seconds(30))
            let proof = try await processes[0].proveElsewhere()
            try redis.setBack(.seconds(3_600))
            try await processes[1].store.checkClock()
            try redis.pass(.seconds(3_700), processes)
            #expect(await processes[1].redeemElsewhere(proof) == .invalidProof)
        }
    }

    /// The last check of the clock is old, but the process has measured the time since that check.
    @Test func endIncludesTheTimeThatHasPassedSinceTheLastCheck() async throws {
        try await ClockProcess.with(1) { redis, processes in
            try await processes[0].store.checkClock()
            try redis.pass(.seconds(1_000), processes)
            let highest = try await redis.time()
            try redis.setBack(.seconds(3_600))
            let end = try await processes[0].store.checkClock().previousEnd
            #expect(end == highest + .seconds(1))
        }
    }

    /// The refusal ends one minute after the clock has passed its time before the jump.
    @Test func proofsAreAcceptedWhenTheClockHasPassedTheEarlierTimeByAMinute() async throws {
        try await ClockProcess.with(1) { redis, processes in
            let process = processes[0]
            try await process.store.checkClock()
            try redis.setBack(.seconds(100))
            try await process.store.checkClock()
            try await redis.passWithChecks(.seconds(160), processes)
            #expect(await process.redeemElsewhere(try await process.proveElsewhere()) == .invalidProof)
            try redis.pass(.seconds(1), processes)
            // The first redemption sends the script in full.
            #expect(await process.redeemElsewhere(try await process.proveElsewhere()) == nil)
            let proof = try await process.proveElsewhere()
            let sent = process.client.counters.commandsSent
            #expect(await process.redeemElsewhere(proof) == nil)
            #expect(process.client.counters.commandsSent == sent + 1)
            #expect(await process.redeemElsewhere(proof) == .invalidProof)
        }
    }

    @Test func secondJumpDoesNotShortenTheWait() async throws {
        try await ClockProcess.with(2) { redis, processes in
            let first = try await redis.time()
            try await processes[0].store.checkClock()
            for jump in [3_600, 61, 120] {
                try redis.setBack(.seconds(jump))
                for process in processes { #expect(try await process.store.checkClock().previousEnd == first) }
                try redis.pass(.seconds(10), processes)
                for process in processes { try await process.store.checkClock() }
            }
        }
    }

    @Test func proofsOfTheServiceItselfAreNotAffected() async throws {
        try await ClockProcess.with(1) { redis, processes in
            try await processes[0].store.checkClock()
            try redis.setBack(.seconds(3_600))
            try await processes[0].store.checkClock()
            let proof = try await processes[0].prove(try await processes[0].issue())
            #expect(await processes[0].redeem(proof) == nil)
        }
    }

    /// The operator can accept the risk, and thus end the refusal of proofs.
    @Test func operatorEndsTheRefusalInAllProcesses() async throws {
        try await ClockProcess.with(2) { redis, processes in
            try await processes[0].store.acceptProofs()
            #expect(try await processes[0].store.checkClock() == .initial)
            try redis.setBack(.seconds(3_600))
            let epoch = try await processes[0].store.checkClock()
            let now = try await redis.time()
            let status = try await processes[1].store.clockStatus()
            #expect(status == ClockStatus(epoch: epoch, time: now))
            #expect(status.wasSetBack && status.refusesProofs)
            #expect(status.end == now + .seconds(3_660))
            #expect(await processes[1].redeemElsewhere(try await processes[0].proveElsewhere()) == .invalidProof)
            try await processes[1].store.acceptProofs()
            try await processes[1].store.acceptProofs()
            let later = try await processes[1].store.clockStatus()
            #expect(later.wasSetBack && !later.refusesProofs && later.epoch.rawValue == epoch.rawValue)
            let code = try await processes[0].issue()
            try redis.pass(.seconds(10), processes)
            for process in processes {
                try await process.store.checkClock()
                #expect(await process.redeemElsewhere(try await process.proveElsewhere()) == nil)
            }
            // The codes of the epoch stay valid, and the next jump causes a refusal again.
            #expect(await processes[1].verify(code) == nil)
            try redis.setBack(.seconds(3_600))
            try await processes[0].store.checkClock()
            #expect(await processes[0].redeemElsewhere(try await processes[0].proveElsewhere()) == .invalidProof)
        }
    }
}
