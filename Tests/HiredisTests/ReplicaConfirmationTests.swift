// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOCore
import NIOEmbedded
import PrivateRedis
import Testing

@testable import Hiredis

/// Tests of writes that replicas must confirm.
@Suite struct ReplicaConfirmationTests {
    // MARK: The protocol

    @Test func oneWAITFollowsABatchInTheSameWrite() throws {
        let wire = try Wire()
        wire.handler.minimumReplicas = 2
        let answers = try wire.send(count: 2, deadline: .seconds(1), writes: true)
        let written = try #require(try wire.channel.readOutbound(as: ByteBuffer.self))
        let pings = String(repeating: "*1\r\n$4\r\nPING\r\n", count: 2)
        #expect(String(buffer: written) == pings + "*3\r\n$4\r\nWAIT\r\n$1\r\n2\r\n$3\r\n800\r\n")
        #expect(wire.counters.writes == 1)
        #expect(wire.counters.commandsSent == 3)
        wire.receive("+1\r\n-OOM no\r\n")
        #expect(answers.count == 0)
        #expect(!wire.handler.acceptsCommands)
        var isReady = false
        wire.handler.onReady = { isReady = true }
        wire.receive(":2\r\n")
        #expect(answers.replies == [.status("1"), .error("OOM no")])
        #expect(isReady && wire.handler.acceptsCommands)
    }

    @Test(arguments: [":1\r\n", ":0\r\n", "-ERR WAIT cannot be used\r\n", "+OK\r\n"])
    func anUnconfirmedWriteHasAnUnknownOutcome(_ answer: String) throws {
        let wire = try Wire()
        wire.handler.minimumReplicas = 2
        let answers = try wire.send(count: 3, deadline: .seconds(1), writes: true)
        wire.receive("+1\r\n-OOM no\r\n:3\r\n" + answer)
        // The caller receives the error reply without a confirmation, because the command did not run.
        #expect(answers.replies == [.error("OOM no")])
        #expect(answers.codes.count == 2)
        #expect(Set(answers.codes) == [answer == "+OK\r\n" ? .protocolViolation : .outcomeUnknown])
        #expect(wire.handler.failure == nil)
        let next = try wire.send(count: 1, deadline: .seconds(1), writes: true)
        wire.receive("+next\r\n:2\r\n")
        #expect(next.replies == [.status("next")])
    }

    @Test func readsAndClientsWithoutTheSettingAreNotHeldBack() throws {
        for (minimum, writes) in [(0, true), (1, false)] {
            let wire = try Wire()
            wire.handler.minimumReplicas = minimum
            let answers = try wire.send(count: 1, deadline: .seconds(1), writes: writes)
            #expect(wire.counters.commandsSent == 1)
            #expect(wire.handler.acceptsCommands)
            wire.receive("+OK\r\n")
            #expect(answers.count == 1)
        }
    }

    @Test func repliesBeforeTheBatchAreNotHeldBack() throws {
        let wire = try Wire()
        wire.handler.minimumReplicas = 1
        let early = try wire.send(count: 2, deadline: .seconds(1))
        let late = try wire.send(count: 2, deadline: .seconds(1), writes: true)
        wire.receive("+1\r\n+2\r\n+3\r\n")
        #expect(early.replies == [.status("1"), .status("2")])
        #expect(late.count == 0)
        wire.receive("+4\r\n:1\r\n")
        #expect(late.replies == [.status("3"), .status("4")])
    }

    @Test func anAbandonedCommandKeepsItsPlace() throws {
        let wire = try Wire()
        wire.handler.minimumReplicas = 1
        let answers = try wire.send(count: 3, deadline: .seconds(1), writes: true)
        wire.handler.cancelCaller(2)
        wire.receive("+1\r\n+2\r\n")
        wire.handler.cancelCaller(1)
        #expect(answers.codes == [.cancelled, .cancelled])
        wire.receive("+3\r\n:1\r\n")
        #expect(answers.replies == [.status("3")])
    }

    @Test func aConnectionThatIsLostBeforeWAITAnswersLeavesTheOutcomeUnknown() throws {
        for isLate in [false, true] {
            let wire = try Wire()
            wire.handler.minimumReplicas = 1
            let answers = try wire.send(count: 3, deadline: .seconds(1), writes: true)
            wire.receive("+1\r\n-OOM no\r\n")
            if isLate {
                wire.channel.embeddedEventLoop.advanceTime(by: .seconds(1))
            } else {
                wire.channel.pipeline.fireChannelInactive()
            }
            #expect(answers.codes == [.outcomeUnknown, .outcomeUnknown])
            #expect(answers.replies == [.error("OOM no")])
        }
    }

    @Test func onlyKnownReadsNeedNoConfirmation() {
        for name in ["GET", "get", "PING", "TIME", "ROLE"] {
            #expect(!RedisCommand(name: name, arguments: []).mayWrite)
        }
        for name in ["SET", "set", "EVAL", "FCALL", "NOSUCH", "DEL", "GETDEL", "GETEX"] {
            #expect(RedisCommand(name: name, arguments: []).mayWrite)
        }
        let call = RedisCommand.ScriptCall(script: "return 1", keys: [])
        #expect(RedisCommand(name: "EVAL", scriptCall: call, arguments: []).mayWrite)
    }

    // MARK: A real replica

    @Test func aWriteIsDoneWhenTheReplicaHasIt() async throws {
        try await withPair { primary, replica in
            var configuration = try primary.configuration(timeout: .seconds(5))
            configuration.minimumReplicas = 1
            try await withClient(configuration) { client in
                try await withClient(replica.configuration()) { observer in
                    let script = RedisScript(source: "return redis.call('INCR', KEYS[1])")
                    for number in 1...20 {
                        let reply = try await client.evaluate(script, keys: ["n"], arguments: [])
                        #expect(reply == .integer(Int64(number)))
                        #expect(try await observer.send("GET", "n") == .bulk(Array("\(number)".utf8)))
                    }
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        for task in 0..<64 {
                            group.addTask {
                                for round in 0..<20 {
                                    let value = Array("\(task):\(round)".utf8)
                                    let key = RedisArgument.text("k\(task)")
                                    _ = try await client.send("SET", key, .bytes(value))
                                    let reply = try await client.send("GET", key)
                                    #expect(reply == .bulk(value))
                                }
                            }
                        }
                        try await group.waitForAll()
                    }
                    #expect(client.counters.connectionsOpened == 1)
                }
            }
        }
    }

    @Test func aPausedReplicaMakesWritesUnknownAndReadsNot() async throws {
        try await withPair { primary, replica in
            var configuration = try primary.configuration(timeout: .seconds(1))
            configuration.minimumReplicas = 1
            try await withClient(configuration) { client in
                _ = try await client.send("SET", "k", "1")
                replica.signal(SIGSTOP)
                let start = ContinuousClock.now
                let error = await failure(client, "SET", ["k", "2"])
                #expect(error?.code == .outcomeUnknown)
                #expect(error?.message.contains("0 of 1 replicas") == true)
                #expect(ContinuousClock.now - start >= .milliseconds(700))
                // The primary has stored the write, the connection is still open, and reads need no confirmation.
                #expect(try await client.send("GET", "k") == .bulk(Array("2".utf8)))
                #expect(client.counters.connectionsOpened == 1)
                // A command that is sent during WAIT either runs without confirmation, or does not run.
                let outcomes = await withTaskGroup(of: RedisError?.self) { group in
                    for _ in 0..<2 { group.addTask { await failure(client, "INCR", ["n"]) } }
                    // The primary has not yet replied to WAIT.
                    try? await eventually { try await Self.blockedClients(of: primary) == 1 }
                    for _ in 0..<18 { group.addTask { await failure(client, "INCR", ["n"]) } }
                    return await group.reduce(into: []) { $0.append($1?.code) }
                }
                #expect(outcomes.allSatisfy { $0 == .outcomeUnknown || $0 == .connectionFailed })
                let ran = try await client.send("GET", "n")
                #expect(ran == .bulk(Array("\(outcomes.count { $0 == .outcomeUnknown })".utf8)))
                replica.signal(SIGCONT)
                // On a busy machine, the replica needs many seconds until it confirms writes within the timeout of the client.
                try await withClient(primary.configuration()) { patient in
                    try await eventually(within: .seconds(120)) {
                        _ = try await patient.send("SET", "k", "3")
                        return try await patient.send("WAIT", 1, 1000) == .integer(1)
                    }
                }
                try await eventually { await failure(client, "SET", ["k", "4"]) == nil }
            }
        }
    }

    /// Returns the number of clients that wait for a reply to `WAIT`.
    private static func blockedClients(of server: PrivateRedisServer) async throws -> Int? {
        try await withClient(server.configuration()) { client in
            guard case .bulk(let bytes) = try await client.send("INFO", "clients") else { return nil }
            let text = String(decoding: bytes, as: UTF8.self)
            return try #/\bblocked_clients:(\d+)/#.firstMatch(in: text).flatMap { Int($0.1) }
        }
    }

    @Test func aWriteThatNoReplicaCouldConfirmInTimeIsNotWritten() async throws {
        try await withPair { primary, replica in
            var configuration = try primary.configuration(timeout: .seconds(3))
            configuration.minimumReplicas = 1
            try await withClient(configuration) { client in
                _ = try await client.send("SET", "k", "1")
                replica.signal(SIGSTOP)
                let sent = client.counters.commandsSent
                let first = Task { await failure(client, "SET", ["k", "2"]) }
                try await eventually { client.counters.commandsSent == sent + 2 }
                // The second command waits for the first. Afterwards, too little time is left for a confirmation.
                #expect(await failure(client, "SET", ["late", "1"])?.code == .connectionFailed)
                #expect(await first.value?.code == .outcomeUnknown)
                #expect(try await client.send("GET", "late") == .null)
                replica.signal(SIGCONT)
            }
        }
    }

    @Test func aMissingRightToWAITIsReported() async throws {
        let user = ["--user", "default", "on", "nopass", "~*", "&*", "+@all", "-wait"]
        try await withPrivateRedis(arguments: user) { server in
            var configuration = try server.configuration()
            configuration.minimumReplicas = 1
            try await withClient(configuration) { client in
                let error = await failure(client, "SET", ["k", "v"])
                #expect(error?.code == .outcomeUnknown)
                #expect(error?.serverErrorKind == "NOPERM")
            }
        }
    }
}
