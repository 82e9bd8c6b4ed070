// SPDX-License-Identifier: Apache-2.0

import Hiredis
import MovableClock
import OTP
import OTPTesting
import PrivateRedis
import RedisTopologies
import ServiceLifecycle
import Testing

@testable import OTPRedis

/// Tests that codes and proofs from before a jump become invalid in every process if a server's clock is set back.
@Suite(.timeLimit(.minutes(3))) struct ServerClockTests {
    // MARK: Codes

    /// The first example is from a bug report.
    @Test(
        arguments: [(300, 360, 657), (60, 61, 120), (600, 3_600, 4_100), (300, 86_400, 86_500), (300, 86_400, 86_699)],
        ClockLook.allCases
    )
    func codeIsRefusedAfterItsLifetimeAndAMinute(_ times: (lifetime: Int, jump: Int, attempt: Int), _ look: ClockLook)
        async throws
    {
        try await ClockProcess.with(3, lifetime: .seconds(times.lifetime)) { redis, processes in
            let issued = try await processes[0].issue()
            try redis.setBack(.seconds(times.jump))
            let verifier = try await redis.pass(.seconds(times.attempt), processes, look)
            #expect(await verifier.verify(issued) == .expired)
        }
    }

    @Test(arguments: ClockLook.allCases)
    func codeThatHadExpiredBeforeTheJumpStaysExpired(_ look: ClockLook) async throws {
        try await ClockProcess.with(3) { redis, processes in
            let issued = try await processes[0].issue()
            try await redis.passWithChecks(.seconds(400), [processes[0]])
            try redis.setBack(.seconds(360))
            let verifier = try await redis.pass(ServerClock.longestGap, processes, look)
            #expect(await verifier.verify(issued) == .expired)
        }
    }

    @Test func codeIssuedAfterTheJumpIsValidForItsLifetime() async throws {
        try await ClockProcess.with(1) { redis, processes in
            _ = try await processes[0].issue()
            try redis.setBack(.seconds(360))
            try await processes[0].store.checkClock()
            let (first, second) = (try await processes[0].issue(), try await processes[0].issue())
            try redis.pass(.seconds(299), processes)
            #expect(await processes[0].verify(first) == nil)
            try redis.pass(.seconds(1), processes)
            #expect(await processes[0].verify(second) == .expired)
        }
    }

    @Test func eachJumpEndsTheCodesBeforeIt() async throws {
        try await ClockProcess.with(2) { redis, processes in
            var epochs: Set<ClockEpoch> = [.initial]
            for jump in [40, 360, 86_400, 61] {
                let issued = try await processes[0].issue()
                try redis.setBack(.seconds(jump))
                try await redis.passWithChecks(.seconds(10), processes)
                for process in processes { #expect(await process.verify(issued) == .expired) }
                epochs.insert(try await processes[1].store.clockEpoch())
            }
            #expect(epochs.count == 5)
        }
    }

    // MARK: Proofs

    @Test(arguments: ClockLook.allCases)
    func proofIsRefusedADayLater(_ look: ClockLook) async throws {
        try await ClockProcess.with(3) { redis, processes in
            let issued = try await processes[0].issue()
            let proof = try await processes[0].prove(issued)
            try redis.setBack(.seconds(86_400))
            let redeemer = try await redis.pass(.seconds(86_500), processes, look)
            #expect(await redeemer.redeem(proof) == .invalidProof)
        }
    }

    /// While the clock is ahead, the record of the redeemed proof expires.
    @Test(arguments: ClockLook.allCases)
    func redeemedProofIsNotRedeemedAgainAfterTheClockWentForwardAndBack(_ look: ClockLook) async throws {
        try await ClockProcess.with(3) { redis, processes in
            let proof = try await processes[0].prove(try await processes[0].issue())
            #expect(await processes[0].redeem(proof) == nil)
            try redis.clock.advance(by: .seconds(3_600))
            try await redis.passWithChecks(.seconds(10), [processes[0]])
            try redis.setBack(.seconds(3_600))
            let redeemer = try await redis.pass(ServerClock.longestGap, processes, look)
            #expect(await redeemer.redeem(proof) == .invalidProof)
        }
    }

    // MARK: No jump

    @Test(arguments: [0, 1, 20, 30], ClockLook.allCases)
    func smallJumpChangesNothing(_ jump: Int, _ look: ClockLook) async throws {
        try await ClockProcess.with(3) { redis, processes in
            let (code, other) = (try await processes[0].issue(), try await processes[0].issue())
            let proof = try await processes[0].prove(other)
            try redis.setBack(.seconds(jump))
            let process = try await redis.pass(.seconds(60), processes, look)
            #expect(await process.verify(code) == nil)
            #expect(await process.redeem(proof) == nil)
            #expect(try await process.store.clockEpoch() == .initial)
        }
    }

    @Test func clockThatMovesForwardStaysInItsEpoch() async throws {
        try await TestRedis.with(frozen: true) { redis in
            try await redis.conformance.checkClockEpoch()
            try await redis.conformance.checkClockSetBack {
                try await redis.store.checkClock()
                try redis.setBack(.seconds(61))
                try await redis.store.checkClock()
            }
            try await redis.conformance.checkClockEpoch()
            try await redis.proofConformance.checkClockSetBack {
                try await redis.store.checkClock()
                try redis.setBack(.seconds(61))
                try await redis.store.checkClock()
            }
        }
    }

    // MARK: Times

    /// Checks of the clock run in the background every ten seconds, and no step waits for a check.
    @Test func usedStoreFindsAJumpWithinTenSecondsWithoutExtraRoundTrips() async throws {
        try await ClockProcess.with(1) { redis, processes in
            let (process, counters) = (processes[0], processes[0].client.counters)
            let issued = try await process.issue()
            let unknown = FaultBench.Issued(number: issued.number, token: issued.token, code: issued.wrongCode)
            _ = await process.verify(unknown)
            let sent = counters.commandsSent
            try redis.pass(.milliseconds(9_999), processes)
            try redis.setBack(.seconds(61))
            #expect(await process.verify(unknown) == .incorrectCode)
            #expect(counters.commandsSent == sent + 1)
            try redis.pass(.milliseconds(1), processes)
            _ = await process.verify(unknown)
            try await waitUntil("the jump is found") { try await process.store.clockEpoch() != .initial }
            // The second attempt sends one command, and the check sends three: GET, TIME and the script.
            #expect(counters.commandsSent == sent + 5)
            #expect(await process.verify(issued) == .expired)
        }
    }

    @Test func runningStoreFindsAJumpWithoutSteps() async throws {
        try await ClockProcess.with(2) { redis, processes in
            let issued = try await processes[0].issue()
            let service = Task { try await processes[1].store.run() }
            try await processes[1].monotonic.waitForSleepers(1)
            try redis.setBack(.seconds(61))
            for process in processes { process.monotonic.advance(by: .seconds(9)) }
            #expect(try await processes[1].store.clockEpoch() == .initial)
            processes[1].monotonic.advanceToNextSleeper()
            try await waitUntil("the jump is found") { try await processes[1].store.clockEpoch() != .initial }
            // The first process adopts the epoch at its next check.
            try redis.pass(.seconds(1), [processes[0]])
            try await processes[0].store.checkClock()
            #expect(await processes[0].verify(issued) == .expired)
            service.cancel()
            try await service.value
        }
    }

    /// After an idle period, all steps wait for the same check of the clock.
    @Test func concurrentStepsAfterAnIdlePeriodWaitForOneCheck() async throws {
        try await ClockProcess.with(1) { redis, processes in
            let process = processes[0]
            var issued: [FaultBench.Issued] = []
            for _ in 0..<20 { issued.append(try await process.issue()) }
            let sent = process.client.counters.commandsSent
            try redis.setBack(.seconds(360))
            try redis.pass(.seconds(400), processes)
            let results = await withTaskGroup(of: OTPError.Code?.self) { group in
                for issued in issued { group.addTask { await process.verify(issued) } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(results.allSatisfy { $0 == .expired }, "\(results)")
            // The check sends three commands. Each attempt may send its script twice, first by its digest and then by its
            // source.
            #expect(process.client.counters.commandsSent - sent <= 3 + 2 * 20)
        }
    }

    // MARK: Several processes

    @Test func processesThatFindAJumpAtTheSameMomentAgree() async throws {
        try await ClockProcess.with(8) { redis, processes in
            for process in processes { try await process.store.checkClock() }
            let issued = try await processes[0].issue()
            try redis.setBack(.seconds(360))
            let epochs = try await withThrowingTaskGroup(of: ClockEpoch.self) { group in
                for process in processes { group.addTask { try await process.store.checkClock() } }
                return try await group.reduce(into: Set<ClockEpoch>()) { $0.insert($1) }
            }
            #expect(epochs.count == 1 && !epochs.contains(.initial))
            for process in processes { #expect(await process.verify(issued) == .expired) }
            let next = try await processes[3].issue()
            #expect(await processes[5].verify(next) == nil)
        }
    }

    @Test func manyProcessesThatCheckAtTheSameMomentStayInTheirEpoch() async throws {
        try await ClockProcess.with(16) { redis, processes in
            for _ in 0..<10 {
                try redis.pass(.seconds(10), processes)
                let epochs = try await withThrowingTaskGroup(of: ClockEpoch.self) { group in
                    for process in processes { group.addTask { try await process.store.checkClock() } }
                    return try await group.reduce(into: Set<ClockEpoch>()) { $0.insert($1) }
                }
                #expect(epochs == [.initial])
            }
            let record = try await Self.record(redis)
            let now = try await redis.time()
            #expect(record.marks == [0: now])
        }
    }

    /// Process A reads the clock, and process B then finds a jump: the write of process A must have no effect.
    @Test func recordFromBeforeTheJumpIsNotWritten() async throws {
        try await ClockProcess.with(1) { redis, processes in
            try await processes[0].store.checkClock()
            let before = try await Self.record(redis)
            let present = try await redis.time()
            let late = before.raised(to: [0: present + .seconds(5)])
            try redis.setBack(.seconds(360))
            let epoch = try await processes[0].store.checkClock()
            let after = try await Self.record(redis)
            let now = try await redis.time()
            #expect(after.epoch == epoch && after.marks == [0: now])
            let reply = try await redis.client.evaluate(
                Scripts.clock,
                keys: ["otp:{clock}"],
                arguments: [.bytes(before.bytes), .bytes(late.bytes)]
            )
            #expect(reply == .bulk(after.bytes))
            #expect(try await Self.record(redis) == after)
        }
    }

    /// After another process has found a jump, earlier readings must not count as a second jump.
    @Test func processThatWasIdleDuringTheJumpAdoptsTheEpochOfTheOthers() async throws {
        try await ClockProcess.with(2) { redis, processes in
            for process in processes { try await process.store.checkClock() }
            try redis.setBack(.seconds(360))
            try redis.pass(.seconds(20), processes)
            let epoch = try await processes[0].store.checkClock()
            let issued = try await processes[0].issue()
            try redis.pass(.seconds(20), processes)
            #expect(try await processes[1].store.clockEpoch() == epoch)
            #expect(await processes[1].verify(issued) == nil)
            try redis.pass(.seconds(40), processes)
            #expect(try await processes[1].store.clockEpoch() == epoch)
        }
    }

    /// A reading from before a jump must not count as a second jump.
    ///
    /// In this test, another process starts an epoch before the reading is written.
    @Test func readingThatAJumpOvertakesIsForgotten() async throws {
        try await ClockProcess.with(1) { redis, processes in
            let store = processes[0].store
            try await store.checkClock()
            let record = try await Self.record(redis)
            // The server has not cached the script, so the second command of the write contains the source.
            _ = try await redis.client.send("SCRIPT", "FLUSH")
            _ = try await redis.client.send("CLIENT", "PAUSE", 600_000, "WRITE")
            let check = Task { try await store.checkClock() }
            try await waitUntil("the check has read the clock") { try await Self.isWaiting(1, redis) }
            try redis.setBack(.seconds(360))
            let next = record.restarted(7, at: [0: try await redis.time()])
            try await ClockProcess.with(1, RedisConfiguration(url: redis.server.url)) { others in
                let client = others[0].client
                let write = Task { try await client.send("SET", "otp:{clock}", .bytes(next.bytes)) }
                try await waitUntil("the other write waits") { try await Self.isWaiting(2, redis) }
                _ = try await redis.client.send("CLIENT", "UNPAUSE")
                _ = try await write.value
            }
            #expect(try await check.value == next.epoch)
            try redis.pass(.seconds(10), processes)
            #expect(try await store.checkClock() == next.epoch)
        }
    }

    // MARK: Failures

    @Test func failedChecksKeepTheEpochAndFindTheJumpLater() async throws {
        try await ClockProcess.with(1) { redis, processes in
            let process = processes[0]
            let issued = try await process.issue()
            _ = try await redis.client.send("CONFIG", "SET", "maxmemory", "1")
            try redis.setBack(.seconds(360))
            await #expect(throws: RedisError(code: .server, message: "")) { try await process.store.checkClock() }
            #expect(try await process.store.clockEpoch() == .initial)
            // No check succeeds for a period that is longer than the jump.
            for _ in 0..<40 {
                try redis.pass(.seconds(10), processes)
                _ = try? await process.store.checkClock()
            }
            #expect(try await process.store.clockEpoch() == .initial)
            _ = try await redis.client.send("CONFIG", "SET", "maxmemory", "0")
            #expect(try await process.store.checkClock() != .initial)
            #expect(await process.verify(issued) == .expired)
        }
    }

    @Test func withoutAServerTheKnownEpochStaysAndAnUnknownOneFails() async throws {
        try await ClockProcess.with(2) { redis, processes in
            try await processes[0].store.checkClock()
            try await redis.server.stop()
            processes[0].monotonic.advance(by: .seconds(10))
            #expect(try await processes[0].store.clockEpoch() == .initial)
            processes[0].monotonic.advance(by: .seconds(100))
            #expect(try await processes[0].store.clockEpoch() == .initial)
            await #expect(throws: RedisError(code: .connectionFailed, message: "")) {
                try await processes[1].store.clockEpoch()
            }
            let error = await #expect(throws: OTPError.self) { try await processes[1].issue() }
            #expect(error?.code == .storeUnavailable)
            #expect(processes[1].sms.messages.isEmpty)
            try await redis.server.start()
            try await waitUntil("the server is found") { try await processes[1].store.clockEpoch() == .initial }
        }
    }

    /// On a server that rejects writes, the first check can still read the epoch, so that calls without writes work.
    @Test func firstCheckOnAServerThatRefusesWritesReadsTheEpoch() async throws {
        try await ClockProcess.with(3) { redis, processes in
            try await processes[0].store.checkClock()
            try redis.setBack(.seconds(360))
            let epoch = try await processes[0].store.checkClock()
            let issued = try await processes[0].issue()
            _ = try await redis.client.send("CONFIG", "SET", "maxmemory", "1")
            #expect(try await processes[1].store.clockEpoch() == epoch)
            let status = try await processes[1].otp.status(for: issued.number, token: issued.token)
            #expect(status.attemptsRemaining == 5)
        }
    }

    /// If the clock record is lost, the epoch starts over, and proofs from the lost epoch are invalid.
    @Test func lostRecordStartsOver() async throws {
        try await ClockProcess.with(1) { redis, processes in
            try await processes[0].store.checkClock()
            try redis.setBack(.seconds(360))
            #expect(try await processes[0].store.checkClock() != .initial)
            let issued = try await processes[0].issue()
            let proof = try await processes[0].prove(issued)
            _ = try await redis.client.send("DEL", "otp:{clock}")
            #expect(try await processes[0].store.checkClock() == .initial)
            #expect(await processes[0].redeem(proof) == .invalidProof)
            let next = try await processes[0].issue()
            #expect(await processes[0].verify(next) == nil)
        }
    }

    @Test func recordOfAnotherShapeFailsTheCheck() async throws {
        try await ClockProcess.with(1) { redis, processes in
            _ = try await redis.client.send("SET", "otp:{clock}", "nonsense!")
            await #expect(throws: RedisError(code: .protocolViolation, message: "")) {
                try await processes[0].store.clockEpoch()
            }
            _ = try await redis.client.send("DEL", "otp:{clock}")
            #expect(try await processes[0].store.clockEpoch() == .initial)
        }
    }

    @Test func recordExpiresLongAfterTheLastCheckAndEachCheckRenewsIt() async throws {
        try await ClockProcess.with(1) { redis, processes in
            for _ in 0..<3 {
                try await processes[0].store.checkClock()
                #expect(try await redis.client.send("PTTL", "otp:{clock}") == .integer(400 * 86_400_000))
                try redis.pass(.seconds(86_400), processes)
            }
        }
    }

    // MARK: Support

    /// Returns whether the given number of clients wait for the end of a pause without writes.
    private static func isWaiting(_ count: Int, _ redis: TestRedis) async throws -> Bool {
        guard case .bulk(let bytes) = try await redis.client.send("INFO", "clients") else {
            throw TestRedis.Unexpected()
        }
        return String(decoding: bytes, as: UTF8.self).contains("blocked_clients:\(count)\r\n")
    }

    private static func record(_ redis: TestRedis) async throws -> ClockRecord {
        guard case .bulk(let bytes) = try await redis.client.send("GET", "otp:{clock}") else {
            throw TestRedis.Unexpected()
        }
        return try ClockRecord(bytes)
    }
}
