// SPDX-License-Identifier: Apache-2.0

import Hiredis
import NIOCore
import NIOPosix
import PrivateRedis
import Testing

/// Tests of the client with a healthy server.
@Suite struct CommandTests {
    @Test func pipelinedTasksGetTheirOwnBinaryReplies() async throws {
        try await withPrivateRedis { server in
            try await withClient(server.configuration()) { client in
                _ = try await client.send("PING")
                let writes = client.counters.writes
                let commands = client.counters.commandsSent
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for task in 0..<64 {
                        group.addTask {
                            for round in 0..<100 {
                                let value: [UInt8] = [0, 13, 10, 255, UInt8(task), UInt8(round), 36, 42]
                                let reply = try await client.send("ECHO", .bytes(value))
                                #expect(reply == .bulk(value))
                            }
                        }
                    }
                    try await group.waitForAll()
                }
                let sent = client.counters.commandsSent - commands
                let perWrite = Double(sent) / Double(client.counters.writes - writes)
                #expect(sent == 6_400)
                // The exact ratio depends on the scheduler, and is measured by the benchmarks.
                #expect(perWrite >= 2, "\(perWrite) commands per write")
                #expect(client.counters.connectionsOpened == 1)
            }
        }
    }

    @Test func tasksOfAnEventLoopSendOnItsConnectionWithoutDelay() async throws {
        try await withPrivateRedis { server in
            let group = MultiThreadedEventLoopGroup(numberOfThreads: 3)
            let client = RedisClient(configuration: try server.configuration(), eventLoopGroup: group)
            let eventLoop = group.next()
            let tasks = 64
            let rounds = 20
            try await withThrowingTaskGroup(of: Void.self) { tasksOfLoop in
                let executor = EventLoopTaskExecutor(eventLoop)
                for task in 0..<tasks {
                    tasksOfLoop.addTask(executorPreference: executor) {
                        for round in 0..<rounds {
                            let value = Int64(task * rounds + round)
                            let reply = try await client.send("ECHO", .integer(value))
                            #expect(reply == .bulk(Array("\(value)".utf8)))
                            #expect(eventLoop.inEventLoop)
                        }
                    }
                }
                try await tasksOfLoop.waitForAll()
            }
            #expect(client.counters.connectionsOpened == 1)
            #expect(client.counters.commandsSent == tasks * rounds)
            // The first round waits for the connection and is sent in one write. Later rounds are written after 16 and 32 more
            // commands, and at the end of the tick.
            let writes = client.counters.writes - 1
            // The replies may split the later rounds between ticks in any way. Still, two writes contain at most 48 commands.
            #expect(writes >= tasks * (rounds - 1) * 2 / 48, "\(writes) writes")
            #expect(writes <= tasks * (rounds - 1) / 4, "\(writes) writes")
            await client.shutdown()
            try await group.shutdownGracefully()
        }
    }

    @Test func everyEventLoopHasItsConnection() async throws {
        try await withPrivateRedis { server in
            let group = MultiThreadedEventLoopGroup(numberOfThreads: 3)
            let client = RedisClient(configuration: try server.configuration(), eventLoopGroup: group)
            for number in 0..<12 {
                #expect(try await client.send("ECHO", [.integer(Int64(number))]) == .bulk(Array("\(number)".utf8)))
            }
            #expect(client.counters.connectionsOpened == 3)
            await client.shutdown()
            try await group.shutdownGracefully()
        }
    }

    @Test func repliesOfEveryTypeArrive() async throws {
        try await withPrivateRedis(listensOnTCP: true) { server in
            let port = try #require(server.port)
            try await withClient(RedisConfiguration(url: "redis://127.0.0.1:\(port)")) { client in
                let script =
                    "return {1, 'two', {3, false, {}}, redis.status_reply('FINE'), redis.error_reply('ODD one')}"
                let reply = try await client.send("EVAL", .text(script), 0)
                let inner: [RedisReply] = [.integer(3), .null, .array([])]
                #expect(
                    reply
                        == .array([
                            .integer(1), .bulk(Array("two".utf8)), .array(inner), .status("FINE"), .error("ODD one"),
                        ])
                )
            }
        }
    }

    @Test func serverErrorsKeepTheirKindAndNotTheArguments() async throws {
        try await withPrivateRedis { server in
            try await withClient(server.configuration()) { client in
                _ = try await client.send("SET", "k", "v")
                let wrongType = await failure(client, "LPUSH", ["k", "v"])
                #expect(wrongType?.code == .server)
                #expect(wrongType?.serverErrorKind == "WRONGTYPE")
                #expect(wrongType?.message.contains("wrong kind of value") == true)
                let unknown = await failure(client, "NOSUCHCOMMAND", ["hunter2"])
                #expect(unknown?.serverErrorKind == "ERR")
                #expect(unknown?.description.contains("hunter2") == false)
                let user = await failure(client, "ACL", ["SETUSER", "bob", "hunter2"])
                #expect(user?.code == .server)
                #expect(user?.message == "the server replied with ERR")
                let faulty = RedisScript(source: "local word = ARGV[1]\nerror(word)")
                let fault = await #expect(throws: RedisError.self) {
                    try await client.evaluate(faulty, keys: [], arguments: ["hunter2"])
                }
                #expect(fault?.message == "the server replied with ERR at user_script:2")
                _ = try await client.send("CONFIG", "SET", "maxmemory", "1")
                let script = RedisScript(source: "return redis.call('SET', KEYS[1], ARGV[1])")
                let full = await #expect(throws: RedisError.self) {
                    try await client.evaluate(script, keys: ["k"], arguments: ["v"])
                }
                #expect(full?.serverErrorKind == "OOM")
                #expect(full?.message.contains("maxmemory") == true)
            }
        }
    }

    @Test func aForgottenScriptCostsExactlyOneMoreCall() async throws {
        try await withPrivateRedis { server in
            try await withClient(server.configuration()) { client in
                let script = RedisScript(source: "return {KEYS[1], ARGV[1], #ARGV, redis.call('INCR', 'runs')}")
                for (run, cost) in [(1, 2), (2, 1), (3, 2), (4, 1)] {
                    if run == 3 {
                        _ = try await client.send("SCRIPT", "FLUSH")
                    }
                    let before = client.counters.commandsSent
                    let reply = try await client.evaluate(script, keys: ["key"], arguments: [.bytes([0, 255]), 7])
                    #expect(
                        reply
                            == .array([.bulk(Array("key".utf8)), .bulk([0, 255]), .integer(2), .integer(Int64(run))])
                    )
                    #expect(client.counters.commandsSent - before == cost)
                }
            }
        }
    }

    @Test func theUserAndTheDatabaseAreSetBeforeAnythingElse() async throws {
        try await withServerOfAlice { _, configuration in
            var configuration = configuration
            configuration.database = 3
            try await withClient(configuration) { client in
                #expect(try await client.send("ACL", "WHOAMI") == .bulk(Array("alice".utf8)))
                let whole = try await client.send("CLIENT", "INFO")
                guard case .bulk(let info) = whole else { throw Unexpected() }
                #expect(String(decoding: info, as: UTF8.self).contains(" db=3 "))
                // AUTH and SELECT share one write.
                #expect(client.counters.writes == 3)
                // The next connection is prepared with the same commands.
                _ = await failure(client, "CLIENT", ["KILL", "TYPE", "normal", "SKIPME", "no"])
                try await eventually { try await recovered(client) }
                #expect(try await client.send("ACL", "WHOAMI") == .bulk(Array("alice".utf8)))
                #expect(client.counters.connectionsOpened == 2)
            }
        }
    }

    @Test func aWrongPasswordIsReportedButNotShown() async throws {
        try await withServerOfAlice(password: "secret") { _, configuration in
            var configuration = configuration
            try await withClient(configuration) { client in
                for _ in 0..<3 {
                    let error = await failure(client, "SET", ["k", "v"])
                    #expect(error?.code == .authenticationFailed)
                    #expect(error.map { "\($0)\(String(reflecting: $0))".contains("hunter2") } == false)
                }
                #expect(client.counters.commandsSent == client.counters.connectionsOpened)
            }
            configuration.username = nil
            configuration.password = nil
            try await withClient(configuration) { client in
                #expect(await failure(client, "PING")?.code == .authenticationFailed)
            }
            configuration.database = 1
            try await withClient(configuration) { client in
                #expect(await failure(client, "PING")?.code == .authenticationFailed)
            }
        }
    }

    @Test func anUnknownDatabaseFailsTheConnection() async throws {
        try await withPrivateRedis { server in
            var configuration = try server.configuration()
            configuration.database = 16
            try await withClient(configuration) { client in
                #expect(await failure(client, "PING")?.code == .connectionFailed)
            }
        }
    }

    private func recovered(_ client: RedisClient) async throws -> Bool {
        await failure(client, "PING") == nil
    }
}

struct Unexpected: Error {}
