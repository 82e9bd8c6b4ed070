// SPDX-License-Identifier: Apache-2.0

import InMemoryLogging
import Logging
import MetricsTestKit
import NIOPosix
import PrivateRedis
import Testing

@testable import Hiredis

/// Tests of connection logs and metrics, and of the addresses in errors.
@Suite(.timeLimit(.minutes(2))) struct ConnectionEventTests {
    /// A client with its own log and metrics.
    private struct Observed {
        let log = InMemoryLogHandler()
        let metrics = TestMetrics()
        let client: RedisClient

        init(_ configuration: RedisConfiguration) {
            self.client = RedisClient(
                configuration: configuration,
                eventLoopGroup: MultiThreadedEventLoopGroup.singleton.next(),
                logger: Logger(label: "test") { [log] _ in log },
                metricsFactory: self.metrics
            )
        }

        /// Returns the log entries about a kind of peer, at a minimum level.
        func entries(from level: Logger.Level, peer: String = "server") -> [InMemoryLogHandler.Entry] {
            self.log.entries.filter { $0.level >= level && ($0.metadata["redis.peer"].map { $0 == "\(peer)" } ?? true) }
        }

        func messages(from level: Logger.Level) -> [String] { self.entries(from: level).map { "\($0.message)" } }

        func connections(_ outcome: String) -> Int64 {
            self.metrics.counterTotal(
                label: "otp.redis.connections",
                dimensions: [("peer", "server"), ("outcome", outcome)]
            )
        }

        func failures(_ code: RedisError.Code) -> Int64 {
            self.metrics.counterTotal(label: "otp.redis.failures", dimensions: [("code", code.description)])
        }
    }

    @Test func connectsLossesAndFailedAttemptsAreLoggedWithoutCredentials() async throws {
        try await withServerOfAlice { server, configuration in
            let observed = Observed(configuration)
            _ = try await observed.client.send("SET", "secretkey", "v")
            #expect(observed.messages(from: .info) == ["Redis connected"])
            #expect(observed.entries(from: .info)[0].metadata["redis.server"] == "\(server.socketPath)")
            try await server.stop()
            try await eventually {
                _ = await failure(observed.client, "GET", ["secretkey"])
                return observed.client.counters.connectionsAttempted >= 5
            }
            // One entry covers many failed attempts.
            #expect(
                observed.messages(from: .info)
                    == ["Redis connected", "Redis connection lost", "Redis connection failed"]
            )
            #expect(observed.entries(from: .info).map(\.level) == [.info, .warning, .notice])
            #expect(observed.connections("lost") == 1 && observed.connections("failed") >= 3)
            #expect(observed.failures(.connectionFailed) > 0)
            try await server.start()
            try await eventually { await failure(observed.client, "PING") == nil }
            #expect(observed.messages(from: .info).last == "Redis connected")
            #expect(observed.connections("opened") == 2)
            await observed.client.shutdown()
            #expect(observed.messages(from: .info).count == 4)
            for entry in observed.log.entries {
                let text = "\(entry)"
                #expect(!text.contains("hunter2") && !text.contains("alice") && !text.contains("secretkey"), "\(text)")
            }
        }
    }

    @Test func aShutdownIsNoLoss() async throws {
        try await withPrivateRedis { server in
            let observed = Observed(try server.configuration())
            _ = try await observed.client.send("PING")
            await observed.client.shutdown()
            #expect(observed.messages(from: .debug) == ["Redis connected"])
            #expect(observed.connections("lost") == 0)
            #expect(await failure(observed.client, "PING")?.code == .clientClosed)
            #expect(observed.failures(.clientClosed) == 1)
        }
    }

    @Test func aNewPrimaryIsANoticeAndNoWarning() async throws {
        try await withPrivateRedis(listensOnTCP: true) { old in
            try await withPrivateRedis(listensOnTCP: true) { new in
                try await withFakeSentinels(3) { sentinels, configuration in
                    for sentinel in sentinels { sentinel.name(port: old.port) }
                    let observed = Observed(configuration)
                    _ = try await observed.client.send("PING")
                    for sentinel in sentinels { sentinel.name(port: new.port) }
                    try await eventually {
                        _ = await failure(observed.client, "PING")
                        return observed.messages(from: .notice).count == 2
                    }
                    let entries = observed.entries(from: .notice)
                    #expect(entries.map(\.level) == [.notice, .notice])
                    let oldPort = try #require(old.port)
                    let newPort = try #require(new.port)
                    #expect(entries[0].metadata["redis.server"] == "127.0.0.1:\(oldPort)")
                    #expect("\(entries[1].message)" == "Redis primary changed")
                    #expect(entries[1].metadata["redis.server"] == "127.0.0.1:\(newPort)")
                    #expect(entries[1].metadata["redis.server.previous"] == "127.0.0.1:\(oldPort)")
                    #expect(observed.metrics.counterTotal(label: "otp.redis.failovers") == 1)
                    #expect(!observed.entries(from: .info, peer: "sentinel").isEmpty)
                    await observed.client.shutdown()
                }
            }
        }
    }

    @Test func newPrimariesOfAClusterAreANotice() async throws {
        try await withClusterPeers(2) { peers, configuration in
            let (old, new) = (peers[0], peers[1])
            old.answer { command, number in
                guard command[0] != "CLUSTER" else { return ClusterPeer.map(number == 1 ? old.port : new.port) }
                return .say("-MOVED \(HashSlot(key: "k").number) 127.0.0.1:\(new.port)\r\n")
            }
            new.answer { command, _ in command[0] == "CLUSTER" ? ClusterPeer.map(new.port) : .say("+OK\r\n") }
            let observed = Observed(configuration)
            _ = try await observed.client.send("SET", "k", "v")
            try await eventually { !observed.messages(from: .notice).isEmpty }
            let entry = try #require(observed.entries(from: .notice).first)
            #expect("\(entry.message)" == "Redis Cluster primaries changed")
            #expect(entry.metadata["redis.servers"] == .array(["127.0.0.1:\(new.port)"]))
            #expect(observed.metrics.counterTotal(label: "otp.redis.failovers") == 1)
            await observed.client.shutdown()
        }
    }

    @Test func overloadIsCounted() async throws {
        try await withPrivateRedis { server in
            var configuration = try server.configuration()
            configuration.maximumBytesInFlight = 1
            let observed = Observed(configuration)
            for _ in 0..<3 { #expect(await failure(observed.client, "PING")?.code == .overloaded) }
            #expect(observed.failures(.overloaded) == 3)
            await observed.client.shutdown()
        }
    }

    // MARK: Addresses in errors

    static let faults: [(script: Peer.Script, code: RedisError.Code)] = [
        (Peer.Script(answers: ["garbage\r\n"]), .protocolViolation),
        (Peer.Script(answers: ["*2000000000\r\n"]), .protocolViolation),
        (Peer.Script(answers: [""], closesAtEnd: true), .outcomeUnknown),
        (Peer.Script(), .outcomeUnknown),
    ]

    @Test(arguments: faults.indices)
    func connectionErrorsNameTheServer(_ index: Int) async throws {
        try await withPeer(Self.faults[index].script) { _, configuration in
            var configuration = configuration
            configuration.connectTimeout = .seconds(10)
            configuration.commandTimeout = .milliseconds(500)
            try await withClient(configuration) { client in
                let error = await failure(client, "GET", ["secretkey"])
                #expect(error?.code == Self.faults[index].code)
                #expect(error?.message.contains(configuration.deployment.description) == true, "\(error as Any)")
                #expect(error?.description.contains("secretkey") == false)
            }
        }
    }

    @Test(arguments: ["-WRONGPASS invalid username-password pair\r\n", "garbage\r\n", ""])
    func setupErrorsNameTheServerAndNoCredentials(_ answer: String) async throws {
        try await withPeer(Peer.Script(answers: [answer], closesAtEnd: true)) { _, configuration in
            var configuration = configuration
            configuration.connectTimeout = .seconds(10)
            configuration.commandTimeout = .seconds(10)
            configuration.username = "alice"
            configuration.password = "hunter2"
            try await withClient(configuration) { client in
                let error = await failure(client, "PING")
                #expect(error?.message.contains(configuration.deployment.description) == true, "\(error as Any)")
                #expect(error?.description.contains("alice") == false)
                #expect(error?.description.contains("hunter2") == false)
            }
        }
    }

    @Test func errorsAreComparedByCode() async {
        let refused = RedisError(code: .connectionFailed, message: "cannot connect to h:1")
        #expect(refused == RedisError(code: .connectionFailed, message: "cannot connect to h:2"))
        #expect(refused != RedisError(code: .outcomeUnknown, message: refused.message))
        func code(of error: any Error) -> String {
            do {
                throw error
            } catch RedisError.Code.outcomeUnknown {
                return "unknown"
            } catch RedisError.Code.connectionFailed {
                return "failed"
            } catch {
                return "another"
            }
        }
        #expect(code(of: refused) == "failed")
        #expect(code(of: Unexpected()) == "another")
    }
}
