// SPDX-License-Identifier: Apache-2.0

import Foundation
import Hiredis
import OTP
import OTPRedis
import PrivateRedis
import Testing

/// Tests of the faults in `Docs/Failures.md` about the server, with one test per fault.
///
/// While the store fails, no message is sent and no code is accepted.
@Suite(.timeLimit(.minutes(2))) struct FailureTableTests {
    @Test func killedServer() async throws {
        let durable = ["--appendonly", "yes", "--appendfsync", "always"]
        try await withPrivateRedis(arguments: durable) { server in
            try await FaultBench.with(RedisConfiguration(url: server.url)) { bench in
                let held = try await bench.prepare()
                try await server.stop()
                await bench.expectClosed(held, causes: [.connectionFailed, .outcomeUnknown])
                try await server.start()
                try await bench.expectRecovery(held, .nothingRan)
            }
        }
    }

    @Test func killedServerWithAPendingCall() async throws {
        try await withPrivateRedis { server in
            try await FaultBench.with(RedisConfiguration(url: server.url)) { bench in
                let held = try await bench.prepare()
                server.signal(SIGSTOP)
                let sent = bench.client.counters.commandsSent
                async let verified = bench.failureOfVerify(held.fresh)
                while bench.client.counters.commandsSent == sent { await Task.yield() }
                let killed = ContinuousClock.now
                try await server.stop()
                let error = await verified
                #expect(error?.code == .storeUnavailable)
                #expect((error?.cause as? RedisError)?.code == .outcomeUnknown)
                #expect(ContinuousClock.now - killed < FaultBench.hang)
                #expect(bench.client.counters.commandsSent == sent + 1)
                await bench.expectClosed(held, causes: [.connectionFailed, .outcomeUnknown])
            }
        }
    }

    @Test func pausedServer() async throws {
        try await withPrivateRedis { server in
            try await FaultBench.with(RedisConfiguration(url: server.url)) { bench in
                let held = try await bench.prepare()
                server.signal(SIGSTOP)
                await bench.expectClosed(held, causes: [.outcomeUnknown, .connectionFailed])
                server.signal(SIGCONT)
                try await bench.expectRecovery(held, .mayHaveRun(attempts: 1))
            }
        }
    }

    @Test func serverRestartsEmpty() async throws {
        try await withPrivateRedis { server in
            try await FaultBench.with(RedisConfiguration(url: server.url)) { bench in
                let held = try await bench.prepare()
                #expect(
                    await bench.failureOfVerify(held.attempted, code: held.attempted.wrongCode)?.code == .incorrectCode
                )
                try await server.stop()
                try await server.start()
                try await bench.expectRecovery(held, .forgotten)
                // The limits start over, and codes from before the fault are lost.
                #expect(await bench.failureOfIssue(to: held.attempted.number) == nil)
                #expect(await bench.failureOfVerify(held.attempted)?.code == .expired)
            }
        }
    }

    @Test func readOnlyReplica() async throws {
        try await withPrivateRedis(arguments: ["--repl-diskless-sync-delay", "0"], listensOnTCP: true) { primary in
            let port = try #require(primary.port)
            try await withPrivateRedis(arguments: ["--replicaof", "127.0.0.1 \(port)"]) { replica in
                try await FaultBench.with(RedisConfiguration(url: primary.url)) { known in
                    let held = try await known.prepare()
                    try await Self.eventually { try await known.client.send("WAIT", 1, 100) == .integer(1) }
                    try await FaultBench.with(RedisConfiguration(url: replica.url)) { bench in
                        // A replica cannot write the clock record, but it has a copy.
                        _ = try await bench.store.clockEpoch()
                        await bench.expectClosed(held, causes: [.server], kind: "READONLY", commandsPerCall: 2)
                        await Self.expectReadsToWork(bench, held)
                        _ = try await bench.client.send("REPLICAOF", "NO", "ONE")
                        try await bench.expectRecovery(held, .nothingRan)
                    }
                }
            }
        }
    }

    @Test(arguments: [["maxmemory", "1", "0", "OOM"], ["min-replicas-to-write", "1", "0", "NOREPLICAS"]])
    func serverRefusesWrites(_ setting: [String]) async throws {
        try await withPrivateRedis { server in
            try await FaultBench.with(RedisConfiguration(url: server.url)) { bench in
                let held = try await bench.prepare()
                _ = try await bench.client.send("CONFIG", "SET", .text(setting[0]), .text(setting[1]))
                // All calls are made twice, because their outcome must not depend on whether the code is right.
                for _ in 0..<2 {
                    await bench.expectClosed(held, causes: [.server], kind: setting[3])
                }
                await Self.expectReadsToWork(bench, held)
                _ = try await bench.client.send("CONFIG", "SET", .text(setting[0]), .text(setting[2]))
                try await bench.expectRecovery(held, .nothingRan)
            }
        }
    }

    @Test func serverIsLoading() async throws {
        // Loading 20,000 keys takes 4 s, because each key takes 200 µs. Meanwhile, the server replies with errors.
        let slow = ["--key-load-delay", "200", "--loading-process-events-interval-bytes", "1024"]
        try await withPrivateRedis(arguments: slow + ["--enable-debug-command", "yes"]) { server in
            try await FaultBench.with(RedisConfiguration(url: server.url)) { bench in
                let held = try await bench.prepare()
                try await Self.withOperator(server) { client in
                    _ = try await client.send("DEBUG", "POPULATE", 20_000)
                    _ = try await client.send("SAVE")
                }
                try await server.stop()
                try await server.start()
                await bench.expectClosed(
                    held,
                    causes: [.server, .connectionFailed, .outcomeUnknown],
                    kind: "LOADING"
                )
                try await Self.withOperator(server) { client in
                    #expect(try await Self.isLoading(client), "the server loaded too fast")
                    let error = await bench.failureOfVerify(held.fresh)
                    #expect((error?.cause as? RedisError)?.serverErrorKind == "LOADING")
                    try await Self.eventually { try await !Self.isLoading(client) }
                }
                try await bench.expectRecovery(held, .nothingRan)
            }
        }
    }

    @Test func slowServer() async throws {
        try await withPrivateRedis(arguments: ["--enable-debug-command", "yes"]) { server in
            try await FaultBench.with(RedisConfiguration(url: server.url)) { bench in
                let held = try await bench.prepare()
                try await Self.withOperator(server) { client in
                    async let sleep = client.send("DEBUG", "SLEEP", 5)
                    // The server is asleep when a call fails.
                    try await Self.eventually { await bench.failureOfIssue() != nil }
                    await bench.expectClosed(held, causes: [.outcomeUnknown, .connectionFailed])
                    #expect(try await sleep == .status("OK"))
                }
                try await bench.expectRecovery(held, .mayHaveRun(attempts: 1))
            }
        }
    }

    @Test func wrongPassword() async throws {
        try await withPrivateRedis(arguments: ["--requirepass", "before"]) { server in
            var right = try RedisConfiguration(url: server.url)
            right.password = "before"
            var wrong = right
            wrong.password = "after"
            try await FaultBench.with(right) { known in
                let held = try await known.prepare()
                try await FaultBench.with(wrong) { bench in
                    // The client sends only AUTH.
                    await bench.expectClosed(held, causes: [.authenticationFailed])
                    #expect(bench.client.counters.commandsSent == bench.client.counters.connectionsOpened)
                    _ = try await known.client.send("CONFIG", "SET", "requirepass", "after")
                    try await bench.expectRecovery(held, .nothingRan)
                }
            }
        }
    }

    @Test func userWithoutRights() async throws {
        try await withPrivateRedis { server in
            try await FaultBench.with(RedisConfiguration(url: server.url)) { bench in
                let held = try await bench.prepare()
                _ = try await bench.client.send("ACL", "SETUSER", "default", "-evalsha")
                await bench.expectClosed(held, causes: [.server], kind: "NOPERM")
                _ = try await bench.client.send("ACL", "SETUSER", "default", "+evalsha")
                try await bench.expectRecovery(held, .nothingRan)
            }
        }
    }

    @Test func overload() async throws {
        try await withPrivateRedis { server in
            var configuration = try RedisConfiguration(url: server.url)
            configuration.maximumCommandsInFlight = 1
            try await FaultBench.with(configuration, commandTimeout: .seconds(20)) { bench in
                let held = try await bench.prepare()
                server.signal(SIGSTOP)
                let sent = bench.client.counters.commandsSent
                async let first = bench.failureOfIssue()
                while bench.client.counters.commandsSent == sent { await Task.yield() }
                await bench.expectClosed(held, causes: [.overloaded], commandsPerCall: 0)
                server.signal(SIGCONT)
                #expect(await first == nil)
                try await bench.expectRecovery(held, .nothingRan)
            }
        }
    }

    /// Expects that a server that rejects writes still serves calls that only read.
    private static func expectReadsToWork(_ bench: FaultBench, _ held: FaultBench.Held) async {
        let status = try? await bench.otp.status(for: held.attempted.number, token: held.attempted.token)
        #expect(status?.attemptsRemaining == 5)
        #expect(await bench.failureOfIssue(to: held.fresh.number)?.code == .rateLimited)
        #expect(await bench.resend(held.fresh)?.code == .rateLimited)
        var unknown = held.fresh
        unknown.token = held.attempted.token
        #expect(await bench.failureOfVerify(unknown)?.code == .expired)
    }

    // MARK: Servers

    /// Runs a closure with another client, which has a long command timeout.
    private static func withOperator(
        _ server: PrivateRedisServer,
        _ body: (RedisClient) async throws -> Void
    ) async throws {
        var configuration = try RedisConfiguration(url: server.url)
        configuration.commandTimeout = .seconds(30)
        let client = RedisClient(configuration: configuration)
        do {
            try await body(client)
        } catch {
            await client.shutdown()
            throw error
        }
        await client.shutdown()
    }

    private static func isLoading(_ client: RedisClient) async throws -> Bool {
        guard case .bulk(let bytes) = try await client.send("INFO", "persistence") else { return true }
        return String(decoding: bytes, as: UTF8.self).contains("\nloading:1")
    }

    /// Waits for a condition, and records an issue after 20 seconds.
    static func eventually(
        sourceLocation: SourceLocation = #_sourceLocation,
        _ condition: () async throws -> Bool
    ) async throws {
        let deadline = ContinuousClock.now + .seconds(20)
        while !(try await condition()) {
            guard ContinuousClock.now < deadline else {
                Issue.record("the condition did not become true", sourceLocation: sourceLocation)
                return
            }
            try await Task.sleep(for: .milliseconds(2))
        }
    }
}
