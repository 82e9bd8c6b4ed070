// SPDX-License-Identifier: Apache-2.0

import Hiredis
import MovableClock
import OTP
import OTPTesting
import RedisTopologies
import Testing

@testable import OTPRedis

/// Tests of the clocks of a cluster's primaries, and of a replica that becomes the primary.
@Suite(.serialized, .timeLimit(.minutes(3))) struct ServerClockTopologyTests {
    @Test func onePrimaryThatWasSetBackEndsAllCodes() async throws {
        let clock = try await MovableClock()
        // Nodes measure timeouts with the wall clock, so the node timeout must be longer than the jump.
        let environments = [1: clock.environment]
        try await withClusterGroup(replicasPerPrimary: 0, nodeTimeout: 1 << 40, environments: environments) { group in
            try await ClockProcess.with(2, Self.patient(group.configuration)) { processes in
                let issued = try await Self.issueOnEveryPrimary(processes[0], group)
                try await processes[1].store.checkClock()
                let record = try await Self.record(processes[0].client)
                #expect(record.marks.keys.sorted() == [0, 5_461, 10_922])
                try clock.advance(by: .seconds(-20))
                #expect(try await processes[0].store.checkClock() == .initial)
                try clock.advance(by: .seconds(-60))
                let epoch = try await processes[0].store.checkClock()
                #expect(epoch != .initial)
                #expect(try await processes[1].store.checkClock() == epoch)
                for code in issued { #expect(await processes[1].verify(code) == .expired) }
                for code in try await Self.issueOnEveryPrimary(processes[0], group) {
                    #expect(await processes[1].verify(code) == nil)
                }
                let next = try await Self.record(processes[0].client)
                #expect(next.marks.keys.sorted() == [0, 5_461, 10_922])
                #expect(try #require(next.marks[5_461]) < (try #require(record.marks[5_461])))
                #expect(try #require(next.marks[0]) >= (try #require(record.marks[0])))
            }
        }
    }

    @Test func primariesThatReplyAreCheckedWhileAnotherIsDown() async throws {
        let clock = try await MovableClock()
        let arguments = ["--cluster-require-full-coverage", "no"]
        try await withClusterGroup(
            replicasPerPrimary: 0,
            nodeTimeout: 1 << 40,
            arguments: arguments,
            environments: [1: clock.environment]
        ) { group in
            try await ClockProcess.with(1, group.configuration) { processes in
                let store = processes[0].store
                try await store.checkClock()
                let slot = try await group.slot(of: "otp:{clock}")
                let holder = try await group.primary(of: slot).index
                // The victim has neither the clock record nor the clock that moves.
                let victim = try #require(group.nodes.first { $0.index != holder && $0.index != 1 })
                try await victim.kill()
                #expect(try await store.checkClock() == .initial)
                try clock.advance(by: .seconds(-61))
                #expect(try await store.checkClock() != .initial)
            }
        }
    }

    @Test func failoverInAClusterKeepsTheMarksAndTheEpoch() async throws {
        try await withClusterGroup(replicasPerPrimary: 1) { group in
            try await ClockProcess.with(1, Self.patient(group.configuration)) { processes in
                let process = processes[0]
                let issued = try await process.issue()
                let before = try await Self.record(process.client)
                for index in 0..<3 { try await group.failOver(to: group.nodes[index + 3]) }
                // The client refreshes its slot map when a node redirects a command.
                for index in 0..<3 {
                    let key = try await Self.key(index, group)
                    _ = try await process.client.send("GET", .text(key))
                }
                try await waitUntil("the client has the new map") {
                    let replies = await process.client.sendToPrimaries("TIME")
                    return replies.map(\.lowestSlot).sorted() == [0, 5_461, 10_922]
                }
                #expect(try await process.store.checkClock() == .initial)
                let after = try await Self.record(process.client)
                #expect(after.marks.keys.sorted() == before.marks.keys.sorted())
                #expect(await process.verify(issued) == nil)
            }
        }
    }

    @Test func recordIsFoundWhileItsSlotMigrates() async throws {
        try await withClusterGroup(replicasPerPrimary: 0) { group in
            try await ClockProcess.with(1, Self.patient(group.configuration)) { processes in
                let store = processes[0].store
                try await store.checkClock()
                let slot = try await group.slot(of: "otp:{clock}")
                let source = try await group.primary(of: slot)
                let migration = try await group.migration(of: slot, to: group.nodes[(source.index + 1) % 3])
                try await migration.begin()
                #expect(try await store.checkClock() == .initial)
                try await migration.moveKeys()
                #expect(try await store.checkClock() == .initial)
                try await migration.end()
                #expect(try await store.checkClock() == .initial)
                #expect(try await Self.record(processes[0].client).marks.count >= 3)
            }
        }
    }

    @Test func failoverToASlowerClockEndsAllCodes() async throws {
        let clock = try await MovableClock()
        try await withSentinelGroup(replicas: 1, sentinels: 1, replicaEnvironment: clock.environment) { group in
            try await ClockProcess.with(1, group.configuration) { processes in
                let process = processes[0]
                let issued = try await process.issue()
                let proof = try await process.prove(try await process.issue())
                try await waitUntil("the replica has everything") {
                    try await process.client.send("WAIT", 1, 100) == .integer(1)
                }
                try clock.advance(by: .seconds(-360))
                try await group.failover()
                _ = try await group.waitForPrimary(otherThan: 0)
                try await waitUntil("the jump is found") { try await process.store.checkClock() != .initial }
                #expect(await process.verify(issued) == .expired)
                #expect(await process.redeem(proof) == .invalidProof)
                let next = try await process.issue()
                #expect(await process.verify(next) == nil)
            }
        }
    }

    // MARK: Support

    private static func patient(_ configuration: RedisConfiguration) -> RedisConfiguration {
        var configuration = configuration
        configuration.commandTimeout = .seconds(10)
        return configuration
    }

    private static func record(_ client: RedisClient) async throws -> ClockRecord {
        guard case .bulk(let bytes) = try await client.send("GET", "otp:{clock}") else { throw TestRedis.Unexpected() }
        return try ClockRecord(bytes)
    }

    /// Returns a key whose slot belonged to a node at the start.
    private static func key(_ index: Int, _ group: ClusterGroup) async throws -> String {
        for number in 0..<1_000 {
            let key = "key\(number)"
            if try await group.slot(of: key) * 3 / 16_384 == index { return key }
        }
        throw TestRedis.Unexpected()
    }

    /// Issues codes until each primary has a record.
    private static func issueOnEveryPrimary(
        _ process: ClockProcess,
        _ group: ClusterGroup
    ) async throws -> [FaultBench.Issued] {
        var issued: [FaultBench.Issued] = []
        for _ in 0..<40 { issued.append(try await process.issue()) }
        for node in group.nodes { #expect(try await node.client.send("DBSIZE") != .integer(0)) }
        return issued
    }
}
