import Foundation
import NIOCore
import NIOPosix
import PrivateRedis
import RedisTopologies
import Testing

@testable import Hiredis

/// How the client finds the primary, and what makes it leave a server.
@Suite struct SentinelTests {
    // MARK: Real sentinels

    @Test func thePrimaryIsFoundWithTheirPasswordAndItsOwn() async throws {
        try await withSentinelGroup(replicas: 1, sentinels: 1, password: "hunter2", sentinelPassword: "swordfish") {
            group in
            try await withClient(RedisConfiguration(url: group.url + "&db=2")) { client in
                _ = try await client.send("SET", "k", "v")
                let role = try await client.send("ROLE")
                guard case .array(let parts) = role else { throw Unexpected() }
                #expect(parts.first == .bulk(Array("master".utf8)))
                guard case .bulk(let info) = try await client.send("CLIENT", "INFO") else { throw Unexpected() }
                #expect(String(decoding: info, as: UTF8.self).contains(" db=2 "))
                // SELECT, ROLE and AUTH went in one write, and the sentinels are not counted.
                #expect(client.counters.writes == 4)
            }
            for url in [
                group.url.replacing("swordfish", with: "wrong"), group.url.replacing("hunter2", with: "wrong"),
                group.url.replacing("&sentinel-password=swordfish", with: ""),
            ] {
                try await withClient(RedisConfiguration(url: url)) { client in
                    let error = await failure(client, "SET", ["k", "v"])
                    #expect(error?.code == .authenticationFailed)
                    #expect(error?.description.contains("wrong") == false)
                }
            }
            try await withClient(RedisConfiguration(url: group.url.replacing("mymaster", with: "other"))) { client in
                let error = await failure(client, "SET", ["k", "v"])
                #expect(error?.code == .connectionFailed)
                #expect(error?.message.contains("no primary named other") == true)
            }
        }
    }

    @Test func aFailoverByCommandIsFollowedUnderLoad() async throws {
        try await withSentinelGroup { group in
            let recovery = try await Self.recovery(of: group) {
                try await group.failover()
            }
            #expect(recovery < .seconds(2), "\(recovery)")
        }
    }

    @Test func aKilledPrimaryIsReplacedUnderLoad() async throws {
        try await withSentinelGroup { group in
            let recovery = try await Self.recovery(of: group) {
                try await group.kill(0)
            }
            #expect(recovery < .seconds(2), "\(recovery)")
            // It comes back as a replica, which changes nothing.
            try await group.restart(0)
            try await group.waitForReplica(0)
            try await withClient(group.configuration) { client in
                _ = try await client.send("SET", "after", "1")
            }
        }
    }

    @Test func aPausedPrimaryIsReplacedAndComesBackAsAReplica() async throws {
        try await withSentinelGroup { group in
            let recovery = try await Self.recovery(of: group) {
                group.pause(0)
            }
            #expect(recovery < .seconds(2), "\(recovery)")
            group.resume(0)
            try await group.waitForReplica(0)
            try await withClient(group.configuration) { client in
                _ = try await client.send("SET", "after", "1")
            }
        }
    }

    /// Has many tasks count each under a key of its own while something happens to the primary, and checks that nothing
    /// ran twice.
    ///
    /// - Returns: The time from the moment at which most sentinels name another primary to the first write on that one.
    private static func recovery(
        of group: SentinelGroup,
        after event: () async throws -> Void
    ) async throws -> Duration {
        try await withClient(group.configuration) { client in
            try await eventually { await failure(client, "SET", ["ready", "1"]) == nil }
            let load = Task {
                await withTaskGroup(of: [String: RedisError.Code?].self) { tasks in
                    for task in 0..<16 {
                        tasks.addTask {
                            var outcomes: [String: RedisError.Code?] = [:]
                            var number = 0
                            while !Task.isCancelled {
                                number += 1
                                let key = "load:\(task):\(number)"
                                do throws(RedisError) {
                                    let reply = try await client.send("INCR", .text(key))
                                    if reply != .integer(1) { Issue.record("\(key) is \(reply)") }
                                    outcomes.updateValue(nil, forKey: key)
                                } catch {
                                    outcomes.updateValue(error.code, forKey: key)
                                    try? await Task.sleep(for: .milliseconds(5))
                                }
                            }
                            return outcomes
                        }
                    }
                    return await tasks.reduce(into: [:]) { $0.merge($1) { first, _ in first } }
                }
            }
            try await Task.sleep(for: .milliseconds(200))
            try await event()
            let primary = try await group.waitForPrimary(otherThan: 0)
            let agreed = ContinuousClock.now
            try await eventually {
                // The old primary may still take writes, which are lost: only the new one counts.
                let key = RedisArgument.text("after:\(UInt64.random(in: .min ... .max))")
                guard await failure(client, "SET", [key, "1"]) == nil else { return false }
                return try await group.ask(group.servers[primary], ["EXISTS", key]) == .integer(1)
            }
            let recovery = ContinuousClock.now - agreed
            try await Task.sleep(for: .milliseconds(300))
            load.cancel()
            let outcomes = await load.value
            var values: [String: RedisReply] = [:]
            let keys = Array(outcomes.keys)
            for start in stride(from: 0, to: keys.count, by: 500) {
                let some = keys[start..<min(start + 500, keys.count)]
                guard case .array(let replies) = try await client.send("MGET", some.map { .text($0) }) else {
                    throw Unexpected()
                }
                for (key, reply) in zip(some, replies) { values[key] = reply }
            }
            var counts: [String: Int] = [:]
            for (key, code) in outcomes {
                counts[code.map(\.description) ?? "done", default: 0] += 1
                guard code != .cancelled else { continue }
                #expect(
                    code == nil || code == .connectionFailed || code == .outcomeUnknown || code == .server,
                    "\(key)"
                )
                let value = values[key]
                // What was acknowledged before the failover may be lost, and nothing may have run twice.
                #expect(value == .bulk(Array("1".utf8)) || value == .null, "\(key) ran twice")
                if code == .connectionFailed || code == .server { #expect(value == .null, "\(key) ran") }
            }
            print("recovered in \(recovery); \(counts)")
            return recovery
        }
    }

    // MARK: Sentinels of the test's own

    @Test func deadAndSilentSentinelsCostAShareOfTheTimeOnly() async throws {
        try await withPrivateRedis(listensOnTCP: true) { server in
            try await withFakeSentinels(3) { sentinels, configuration in
                var configuration = configuration
                guard case .sentinel(var described) = configuration.deployment.kind else { throw Unexpected() }
                described.sentinels.insert(.tcp(host: "127.0.0.1", port: try await freePort()), at: 0)
                configuration.deployment = .sentinel(described)
                configuration.connectTimeout = .seconds(2)
                // The first cannot be reached, the second says nothing, the third knows nothing.
                sentinels[0].say("")
                sentinels[2].name(port: server.port)
                try await withClient(configuration) { client in
                    let start = ContinuousClock.now
                    #expect(try await client.send("PING") == .status("PONG"))
                    #expect(ContinuousClock.now - start < .seconds(2))
                    // The one that knew is asked first from now on.
                    let silent = sentinels[0].questions
                    _ = await failure(client, "CLIENT", ["KILL", "TYPE", "normal", "SKIPME", "no"])
                    let again = ContinuousClock.now
                    try await eventually { await failure(client, "PING") == nil }
                    #expect(ContinuousClock.now - again < .milliseconds(350))
                    #expect(sentinels[0].questions <= silent + 1)
                }
            }
        }
    }

    @Test func aSentinelWhoseAnswerIsOfNoUseIsNotAskedFirstAgain() async throws {
        try await withPrivateRedis(listensOnTCP: true) { server in
            try await withFakeSentinels(3) { sentinels, configuration in
                sentinels[0].name(port: try await freePort())
                for sentinel in sentinels[1...] { sentinel.name(port: server.port) }
                try await withClient(configuration) { client in
                    let start = ContinuousClock.now
                    try await eventually { await failure(client, "SET", ["k", "v"]) == nil }
                    #expect(ContinuousClock.now - start < .seconds(2))
                    #expect(client.counters.connectionsAttempted == 2)
                }
            }
        }
    }

    @Test func theNewestConfigurationCounts() throws {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let (old, new) = (
            RedisConfiguration.Endpoint.tcp(host: "a", port: 1), RedisConfiguration.Endpoint.tcp(host: "b", port: 2)
        )
        func answer(_ endpoint: RedisConfiguration.Endpoint, _ epoch: Int64) -> SentinelReplies.Reply {
            let node = RedisNode(
                configuration: RedisConfiguration(endpoint: endpoint),
                endpoint: endpoint,
                eventLoopGroup: loop,
                counters: RedisMetrics()
            )
            return SentinelReplies.Reply(sentinel: node, endpoint: endpoint, epoch: epoch)
        }
        let duringFailover = SentinelReplies([answer(old, 3), answer(new, 4), answer(old, 3)])
        #expect(duringFailover.successor(of: old)?.count == 1)
        #expect(duringFailover.successor(of: new) == nil)
        let contradiction = SentinelReplies([answer(old, 3), answer(new, 3)])
        #expect(contradiction.successor(of: old) == nil)
        #expect(contradiction.successor(of: new) == nil)
        #expect(SentinelReplies([]).successor(of: old) == nil)
        let names = ["name", "m", "config-epoch", "7"].map { RedisReply.bulk(Array($0.utf8)) }
        #expect(SentinelReplies.epoch(in: .array(names)) == 7)
        let others: [RedisReply] = [
            .array(Array(names[..<3])), .array([]), .null, .status("OK"), .array(names.reversed()),
        ]
        for reply in others {
            #expect(SentinelReplies.epoch(in: reply) == nil)
        }
    }

    @Test(arguments: [
        "*2\r\n$9\r\n127.0.0.1\r\n$1\r\n0\r\n", "*2\r\n$9\r\n127.0.0.1\r\n$5\r\n65536\r\n",
        "*2\r\n$9\r\n127.0.0.1\r\n$2\r\n-1\r\n", "*2\r\n$0\r\n\r\n$4\r\n6379\r\n", "*1\r\n$9\r\n127.0.0.1\r\n",
        "*3\r\n$1\r\na\r\n$1\r\n1\r\n$1\r\n1\r\n", "*0\r\n", "*2\r\n:1\r\n:2\r\n", "*2\r\n*-1\r\n*-1\r\n", "+OK\r\n",
        "*2\r\n$1\r\n\u{0}\r\n$4\r\n6379\r\n", "$4\r\n6379\r\n", ":6379\r\n", "*-1\r\n", "-ERR unknown command\r\n",
        "-IDONTKNOW\r\n", "garbage\r\n", "*2000000000\r\n", "+OK\r\n+again\r\n",
    ])
    func garbageFromASentinelIsAnError(_ words: String) async throws {
        try await withFakeSentinels { sentinels, configuration in
            sentinels[0].say(words)
            try await withClient(configuration) { client in
                let error = await failure(client, "SET", ["k", "v"])
                #expect(error?.code == .connectionFailed)
                #expect(client.counters.commandsSent == 0)
            }
        }
    }

    @Test func sentinelsThatRefuseSayWhy() async throws {
        try await withFakeSentinels { sentinels, configuration in
            sentinels[0].say("-NOAUTH Authentication required.\r\n")
            try await withClient(configuration) { client in
                #expect(await failure(client, "PING")?.code == .authenticationFailed)
            }
        }
    }

    @Test func aServerThatIsAReplicaIsNotUsed() async throws {
        try await withPair { primary, replica in
            try await withFakeSentinels { sentinels, configuration in
                sentinels[0].name(port: replica.port)
                try await withClient(configuration) { client in
                    for _ in 0..<3 {
                        let error = await failure(client, "GET", ["k"])
                        #expect(error?.code == .connectionFailed)
                    }
                    sentinels[0].name(port: primary.port)
                    let start = ContinuousClock.now
                    try await eventually { await failure(client, "SET", ["k", "v"]) == nil }
                    #expect(ContinuousClock.now - start < .seconds(2))
                }
            }
        }
    }

    @Test(arguments: [false, true])
    func aPrimaryThatBecameAReplicaIsLeftAfterItsReplies(inScript: Bool) async throws {
        try await withPair { other, server in
            _ = try await Self.ask(server, "REPLICAOF", "NO", "ONE")
            try await withFakeSentinels { sentinels, configuration in
                sentinels[0].name(port: server.port)
                try await withClient(configuration) { client in
                    _ = try await client.send("SET", "k", "v")
                    _ = try await Self.ask(server, "REPLICAOF", "127.0.0.1", .text("\(other.port ?? 0)"))
                    sentinels[0].name(port: other.port)
                    let script = RedisScript(source: "return redis.call('SET', KEYS[1], '1')")
                    await withTaskGroup(of: RedisError?.self) { group in
                        for _ in 0..<50 {
                            group.addTask {
                                guard inScript else { return await failure(client, "SET", ["k", "w"]) }
                                do throws(RedisError) {
                                    _ = try await client.evaluate(script, keys: ["k"], arguments: [])
                                    return nil
                                } catch {
                                    return error
                                }
                            }
                        }
                        var refused = 0
                        for await error in group where error != nil {
                            // No reply is lost on the way, and no command that waited fails.
                            #expect(error?.serverErrorKind == "READONLY", "\(error.map { "\($0)" } ?? "")")
                            refused += 1
                        }
                        #expect(refused > 0)
                    }
                    _ = try await client.send("SET", "k", "v")
                    #expect(client.counters.connectionsOpened == 2)
                }
            }
        }
    }

    @Test func aScriptErrorOfAnOldServerIsUnderstood() throws {
        let text = "-ERR Error running script (call to f_0): @user_script:1: -READONLY You can't write.\r\n"
        for (leaves, reply) in [(true, text), (true, "-READONLY You can't write.\r\n"), (false, text)] {
            let wire = try Wire()
            wire.handler.leavesReplica = leaves
            let answers = try wire.send(count: 2)
            wire.receive(reply)
            #expect(wire.handler.acceptsCommands == !leaves)
            #expect(wire.handler.failure == nil)
            wire.receive("+OK\r\n")
            #expect(answers.replies.count == 2)
            #expect((wire.handler.failure != nil) == leaves)
        }
    }

    @Test func anIdleConnectionToAPrimaryThatWasReplacedIsDropped() async throws {
        try await withPrivateRedis(listensOnTCP: true) { old in
            try await withPrivateRedis(listensOnTCP: true) { new in
                try await withFakeSentinels(3) { sentinels, configuration in
                    for sentinel in sentinels { sentinel.name(port: old.port) }
                    try await withClient(configuration) { client in
                        _ = try await client.send("SET", "k", "v")
                        #expect(try await Self.clients(of: old) == 1)
                        // While they contradict each other, without saying who is newer, nothing changes.
                        for sentinel in sentinels[..<2] { sentinel.name(port: new.port) }
                        let asked = sentinels[2].questions
                        try await eventually { sentinels[2].questions >= asked + 4 }
                        #expect(try await Self.clients(of: old) == 1)
                        sentinels[2].say("-IDONTKNOW\r\n")
                        let start = ContinuousClock.now
                        try await eventually { try await Self.clients(of: old) == 0 }
                        #expect(ContinuousClock.now - start < .seconds(3))
                        sentinels[0].say("")
                        _ = try await client.send("SET", "k", "v")
                        #expect(try await Self.clients(of: new) == 1)
                        #expect(client.counters.connectionsOpened == 2)
                    }
                }
            }
        }
    }

    @Test func oneSentinelWithANewerConfigurationIsBelievedAgainstTheOthers() async throws {
        try await withPrivateRedis(listensOnTCP: true) { old in
            try await withPrivateRedis(listensOnTCP: true) { new in
                try await withFakeSentinels(3) { sentinels, configuration in
                    for sentinel in sentinels { sentinel.name(port: old.port, epoch: 9) }
                    try await withClient(configuration) { client in
                        _ = try await client.send("SET", "k", "v")
                        #expect(try await Self.clients(of: old) == 1)
                        sentinels[2].name(port: new.port, epoch: 10)
                        try await eventually { try await Self.clients(of: old) == 0 }
                        _ = try await client.send("SET", "k", "v")
                        #expect(try await Self.clients(of: new) == 1)
                    }
                }
            }
        }
    }

    @Test func aCommandInFlightToAPrimaryThatWasReplacedHasAnUnknownOutcome() async throws {
        try await withPrivateRedis(listensOnTCP: true) { old in
            try await withPrivateRedis(listensOnTCP: true) { new in
                try await withFakeSentinels { sentinels, configuration in
                    var configuration = configuration
                    configuration.commandTimeout = .seconds(60)
                    sentinels[0].name(port: old.port)
                    try await withClient(configuration) { client in
                        _ = try await client.send("PING")
                        old.signal(SIGSTOP)
                        let pending = Task { await failure(client, "INCR", ["n"]) }
                        try await eventually { client.counters.commandsSent == 3 }
                        sentinels[0].name(port: new.port)
                        let start = ContinuousClock.now
                        #expect(await pending.value?.code == .outcomeUnknown)
                        #expect(ContinuousClock.now - start < .seconds(10))
                        #expect(try await client.send("INCR", "n") == .integer(1))
                        old.signal(SIGCONT)
                    }
                }
            }
        }
    }

    @Test func nothingIsAskedWhileNothingIsConnected() async throws {
        try await withPrivateRedis(listensOnTCP: true) { server in
            try await withFakeSentinels { sentinels, configuration in
                sentinels[0].name(port: server.port)
                try await withClient(configuration) { client in
                    try await Task.sleep(for: .milliseconds(1_500))
                    #expect(sentinels[0].questions == 0)
                    await withTaskGroup { group in
                        for _ in 0..<50 { group.addTask { _ = await failure(client, "PING") } }
                    }
                    #expect(sentinels[0].questions == 1)
                    _ = await failure(client, "CLIENT", ["KILL", "TYPE", "normal", "SKIPME", "no"])
                    try await eventually { try await Self.clients(of: server) == 0 }
                    try await Task.sleep(for: .milliseconds(100))
                    let asked = sentinels[0].questions
                    try await Task.sleep(for: .milliseconds(1_500))
                    #expect(sentinels[0].questions == asked)
                }
            }
        }
    }

    @Test func connectionsOfAllLoopsShareOneWatch() async throws {
        try await withPrivateRedis(listensOnTCP: true) { server in
            try await withFakeSentinels { sentinels, configuration in
                sentinels[0].name(port: server.port)
                let group = MultiThreadedEventLoopGroup(numberOfThreads: 4)
                weak var counters: RedisMetrics?
                do {
                    let client = RedisClient(configuration: configuration, eventLoopGroup: group)
                    counters = client.counters
                    sentinels[0].wait(.milliseconds(300))
                    await withTaskGroup { tasks in
                        for _ in 0..<8 { tasks.addTask { #expect(await failure(client, "PING") == nil) } }
                    }
                    #expect(client.counters.connectionsOpened == 4)
                    // All shared one question.
                    #expect(sentinels[0].questions == 1)
                    let asked = sentinels[0].questions
                    try await Task.sleep(for: .milliseconds(2_500))
                    #expect((1...4).contains(sentinels[0].questions - asked))
                }
                // A client that is dropped leaves nothing behind.
                try await eventually { try await Self.clients(of: server) == 0 && counters == nil }
                try await group.shutdownGracefully()
            }
        }
    }

    // MARK: -

    private static func ask(
        _ server: PrivateRedisServer,
        _ command: String,
        _ arguments: RedisArgument...
    ) async throws -> RedisReply {
        try await withClient(server.configuration()) { try await $0.send(command, arguments) }
    }

    /// The number of a server's clients over TCP.
    private static func clients(of server: PrivateRedisServer) async throws -> Int {
        guard case .bulk(let list) = try await self.ask(server, "CLIENT", "LIST", "TYPE", "normal") else {
            throw Unexpected()
        }
        return String(decoding: list, as: UTF8.self).split(separator: "\n").count { $0.contains("laddr=127.0.0.1") }
    }
}

/// Runs a closure with a primary and its replica.
func withPair(_ body: (PrivateRedisServer, PrivateRedisServer) async throws -> Void) async throws {
    let delay = ["--repl-diskless-sync-delay", "0"]
    try await withPrivateRedis(arguments: delay, listensOnTCP: true) { primary in
        let arguments = delay + ["--replicaof", "127.0.0.1", "\(primary.port ?? 0)"]
        try await withPrivateRedis(arguments: arguments, listensOnTCP: true) { replica in
            try await withClient(primary.configuration()) { client in
                // A new replica counts from its first confirmation on, which is that of its copy and may take a second. It
                // may be a second more before it confirms what came after the copy.
                var confirmed = 0
                try await eventually {
                    _ = try await client.send("SET", "ready", "1")
                    if try await client.send("WAIT", 1, 50) == .integer(1) { confirmed += 1 }
                    return confirmed == 2
                }
            }
            try await body(primary, replica)
        }
    }
}
