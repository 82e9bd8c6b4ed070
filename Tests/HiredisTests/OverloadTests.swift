// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Hiredis
import NIOCore
import NIOPosix
import PrivateRedis
import SeededRandom
import Testing

/// Tests of the limits on commands in flight, and of cancelled callers.
@Suite struct OverloadTests {
    @Test func commandsAboveTheLimitFailImmediatelyAndAreNotSent() async throws {
        try await Self.withLimit(50) { server, client in
            try await server.suspend(connectedTo: client)
            let admitted = (0..<50).map { number in Task { try await client.send("ECHO", [.integer(number)]) } }
            try await eventually { client.counters.commandsSent == 51 }
            let start = ContinuousClock.now
            for _ in 0..<1_000 {
                try #require(await failure(client, "INCR", ["n"])?.code == .overloaded)
            }
            #expect(ContinuousClock.now - start < .seconds(10))
            #expect(client.counters.commandsSent == 51)
            server.signal(SIGCONT)
            for (number, task) in admitted.enumerated() {
                #expect(try await task.value == .bulk(Array("\(number)".utf8)))
            }
            // The rejected commands have had no effect.
            #expect(try await client.send("GET", "n") == .null)
            #expect(client.counters.connectionsOpened == 1)
            try await Self.expectFreeSlots(50, server, client)
        }
    }

    @Test func aCancelledCommandThatWasWrittenKeepsItsPlaceUntilTheReply() async throws {
        try await Self.withLimit(10) { server, client in
            try await server.suspend(connectedTo: client)
            var waiting = (0..<10).map { number in Task { try await client.send("ECHO", [.integer(number)]) } }
            try await eventually { client.counters.commandsSent == 11 }
            #expect(await failure(client, "PING")?.code == .overloaded)
            let third = waiting.remove(at: 2)
            third.cancel()
            guard case .failure(let error as RedisError) = await third.result else { throw Unexpected() }
            #expect(error.code == .cancelled)
            // The bytes were written, but the reply has not arrived.
            try await eventually { client.counters.load.commands == 10 }
            #expect(await failure(client, "PING")?.code == .overloaded)
            server.signal(SIGCONT)
            for (task, number) in zip(waiting, [0, 1, 3, 4, 5, 6, 7, 8, 9]) {
                #expect(try await task.value == .bulk(Array("\(number)".utf8)))
            }
            try await eventually { client.counters.load.commands == 0 && client.counters.load.bytes == 0 }
            try await Self.expectFreeSlots(10, server, client)
        }
    }

    @Test func sendingAndCancellingAgainAndAgainDoesNotExceedTheLimit() async throws {
        try await Self.withLimit(20) { server, client in
            try await server.suspend(connectedTo: client)
            for round in 0..<20 {
                let task = Task { await failure(client, "ECHO", [.integer(Int64(round))]) }
                try await eventually { client.counters.commandsSent == round + 2 }
                task.cancel()
                #expect(await task.value?.code == .cancelled)
            }
            // All callers were cancelled, but 20 replies are outstanding.
            for _ in 0..<10 { try #require(await failure(client, "PING")?.code == .overloaded) }
            #expect(client.counters.commandsSent == 21)
            server.signal(SIGCONT)
            try await eventually { client.counters.load.commands == 0 }
            try await Self.expectFreeSlots(20, server, client)
        }
    }

    @Test func cancelledCommandsThatWereNotWrittenMakeRoom() async throws {
        // The peer does not reply to AUTH, so no other command is written.
        try await withPeer(Peer.Script()) { _, configuration in
            var configuration = configuration.waitingForAuthentication
            configuration.maximumCommandsInFlight = 10
            try await withClient(configuration) { client in
                let waiting = (0..<10).map { _ in Task { await failure(client, "PING") } }
                try await eventually { client.counters.load.commands == 10 }
                #expect(await failure(client, "PING")?.code == .overloaded)
                for task in waiting[..<6] { task.cancel() }
                for task in waiting[..<6] { #expect(await task.value?.code == .cancelled) }
                try await eventually { client.counters.load.commands == 4 }
                let later = Task { await failure(client, "PING") }
                try await eventually { client.counters.load.commands == 5 }
                await client.shutdown()
                #expect(await later.value?.code == .clientClosed)
                for task in waiting[6...] { #expect(await task.value?.code == .clientClosed) }
                try await eventually { client.counters.load.commands == 0 && client.counters.load.bytes == 0 }
            }
        }
    }

    @Test(arguments: [1, 3, 10])
    func commandsAboveTheByteLimitFailAndAreNotSent(count: Int) async throws {
        try await withPrivateRedis { server in
            var configuration = try server.configuration(timeout: .seconds(20))
            let size = 10_000
            // All other words of the command together take less than 200 bytes.
            configuration.maximumBytesInFlight = count * (size + 200)
            try await withClient(configuration) { client in
                try await server.suspend(connectedTo: client)
                let value = RedisArgument.bytes([UInt8](repeating: 65, count: size))
                let admitted = (0..<count).map { _ in Task { try await client.send("ECHO", value) } }
                try await eventually { client.counters.commandsSent == count + 1 }
                #expect(await failure(client, "ECHO", [value])?.code == .overloaded)
                #expect(client.counters.commandsSent == count + 1)
                server.signal(SIGCONT)
                for task in admitted { #expect(try await task.value != .null) }
                // A single command that exceeds the limit is never sent.
                let large = RedisArgument.bytes([UInt8](repeating: 65, count: count * (size + 200)))
                #expect(await failure(client, "ECHO", [large])?.code == .overloaded)
                #expect(client.counters.load.bytes == 0)
                #expect(try await client.send("ECHO", value) != .null)
            }
        }
    }

    @Test(arguments: [1, 4_000, 16_000])
    func cancellingManyCallersScansEachCommandOnlyAFewTimes(count: Int) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        try await withPrivateRedis { server in
            let client = RedisClient(
                configuration: try server.configuration(timeout: .seconds(600)),
                eventLoopGroup: group
            )
            try await server.suspend(connectedTo: client)
            let tasks = (0..<count).map { _ in Task { await failure(client, "PING") } }
            try await eventually(within: .seconds(60)) { client.counters.commandsSent == count + 1 }
            // All callers are cancelled while the loop is blocked.
            let start = DispatchSemaphore(value: 0)
            group.next().execute { start.wait() }
            for task in tasks { task.cancel() }
            start.signal()
            for task in tasks { #expect(await task.value?.code == .cancelled) }
            #expect(client.counters.commandsScanned <= 4 * count)
            #expect(client.counters.load.commands == count)
            server.signal(SIGCONT)
            #expect(try await client.send("PING") == .status("PONG"))
            #expect(client.counters.load.commands == 0)
            await client.shutdown()
        }
        try await group.shutdownGracefully()
    }

    @Test(arguments: [1, 2, 3])
    func cancellationsAtRandomShiftNoReplyAndLoseNoSlot(seed: UInt64) async throws {
        try await Self.withLimit(200) { server, client in
            var generator = SplitMix64(seed: seed)
            let plans = (0..<5_000)
                .map { number in
                    (
                        number: number, isCancelled: Int.random(in: 0..<3, using: &generator) == 0,
                        yields: Int.random(in: 0..<20, using: &generator)
                    )
                }
            let outcomes = await withTaskGroup(of: String.self) { group in
                for plan in plans {
                    group.addTask {
                        let value = Array("reply \(plan.number)".utf8)
                        let task = Task { try await client.send("ECHO", .bytes(value)) }
                        for _ in 0..<plan.yields { await Task.yield() }
                        if plan.isCancelled { task.cancel() }
                        switch await task.result {
                        case .success(let reply): return reply == .bulk(value) ? "own reply" : "another's reply"
                        case .failure(let error): return (error as? RedisError)?.code.description ?? "another error"
                        }
                    }
                }
                return await group.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
            }
            #expect(Set(outcomes.keys).isSubset(of: ["own reply", "cancelled", "overloaded"]), "\(outcomes)")
            #expect(outcomes["own reply", default: 0] > 0, "\(outcomes)")
            #expect(client.counters.connectionsOpened == 1)
            try await Self.expectFreeSlots(200, server, client)
        }
    }

    @Test func callersThatAreCancelledWhileTheServerSaysNothingKeepTheirPlaces() async throws {
        try await Self.withLimit(2_000) { server, client in
            _ = try await client.send("PING")
            for round in 0..<5 {
                server.signal(SIGSTOP)
                let sent = client.counters.commandsSent
                let tasks = (0..<2_000)
                    .map { number in Task { try await client.send("ECHO", .text("\(round) \(number)")) } }
                try await eventually { client.counters.commandsSent == sent + 2_000 }
                for number in stride(from: round % 3, to: 2_000, by: 3) { tasks[number].cancel() }
                server.signal(SIGCONT)
                for (number, task) in tasks.enumerated() {
                    switch await task.result {
                    case .success(let reply): #expect(reply == .bulk(Array("\(round) \(number)".utf8)))
                    case .failure(let error):
                        #expect((error as? RedisError)?.code == .cancelled && number % 3 == round % 3)
                    }
                }
            }
            #expect(client.counters.connectionsOpened == 1)
            try await Self.expectFreeSlots(2_000, server, client)
        }
    }

    @Test func failedCommandsReleaseTheLoad() async throws {
        try await Self.withLimit(5) { server, client in
            try await server.stop()
            for _ in 0..<50 {
                let code = await failure(client, "PING")?.code
                #expect(code == .connectionFailed || code == .outcomeUnknown)
            }
            try await server.start()
            try await eventually { await failure(client, "PING") == nil }
            try await Self.expectFreeSlots(5, server, client)
        }
    }

    private static func withLimit(
        _ limit: Int,
        _ body: (PrivateRedisServer, RedisClient) async throws -> Void
    ) async throws {
        try await withPrivateRedis { server in
            var configuration = try server.configuration(timeout: .seconds(20))
            configuration.maximumCommandsInFlight = limit
            try await withClient(configuration) { client in try await body(server, client) }
        }
    }

    /// Checks that no command still counts toward the limit.
    private static func expectFreeSlots(
        _ limit: Int,
        _ server: PrivateRedisServer,
        _ client: RedisClient,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        server.signal(SIGSTOP)
        let sent = client.counters.commandsSent
        let tasks = (0..<limit).map { _ in Task { await failure(client, "PING") } }
        try await eventually(sourceLocation: sourceLocation) { client.counters.commandsSent == sent + limit }
        #expect(await failure(client, "PING")?.code == .overloaded, sourceLocation: sourceLocation)
        server.signal(SIGCONT)
        for task in tasks { #expect(await task.value == nil, sourceLocation: sourceLocation) }
    }
}
