// SPDX-License-Identifier: Apache-2.0

import Hiredis
import NIOPosix
import PrivateRedis
import Testing

/// Tests of the client after the loss of the server, of the connection or of the caller.
@Suite(.timeLimit(.minutes(2))) struct FailureTests {
    @Test func aTimeoutIsAnUnknownOutcomeAndNothingIsSentTwice() async throws {
        try await withPrivateRedis { server in
            try await withClient(server.configuration(timeout: .seconds(1))) { client in
                try await eventually { await failure(client, "PING") == nil }
                server.signal(SIGSTOP)
                let start = ContinuousClock.now
                async let other = failure(client, "INCR", ["n"])
                let error = await failure(client, "INCR", ["n"])
                let elapsed = ContinuousClock.now - start
                #expect(error?.code == .outcomeUnknown)
                #expect(await other?.code == .outcomeUnknown)
                #expect(elapsed >= .seconds(1))
                #expect(elapsed < .seconds(10))
                server.signal(SIGCONT)
                try await eventually { await failure(client, "PING") == nil }
                #expect(try await client.send("GET", "n") == .bulk(Array("2".utf8)))
            }
        }
    }

    @Test func aRefusedConnectionFailsImmediatelyAndNothingIsSent() async throws {
        try await withPrivateRedis(listensOnTCP: true) { server in
            let port = try #require(server.port)
            try await server.stop()
            for url in ["redis://127.0.0.1:\(port)", "unix:///nonexistent/redis.sock"] {
                var configuration = try RedisConfiguration(url: url)
                configuration.connectTimeout = .seconds(600)
                configuration.commandTimeout = .seconds(600)
                let start = ContinuousClock.now
                try await withClient(configuration) { client in
                    for _ in 0..<20 {
                        #expect(await failure(client, "PING")?.code == .connectionFailed)
                    }
                    #expect(ContinuousClock.now - start < .seconds(60))
                    #expect(client.counters.commandsSent == 0)
                }
            }
        }
    }

    @Test func aServerThatComesBackIsFoundAtTheNextAttempt() async throws {
        try await withPrivateRedis { server in
            try await withClient(server.configuration()) { client in
                _ = try await client.send("PING")
                try await server.stop()
                // After nine attempts, the back-off has reached its maximum.
                var failures = 0
                try await eventually {
                    failures += 1
                    let code = await failure(client, "PING")?.code
                    #expect(code == .connectionFailed || code == .outcomeUnknown)
                    return client.counters.connectionsAttempted >= 9
                }
                #expect(failures > 50, "Commands fail while the server is left alone.")
                let attempts = client.counters.connectionsAttempted
                try await server.start()
                try await eventually { await failure(client, "PING") == nil }
                #expect(client.counters.connectionsAttempted == attempts + 1)
                #expect(client.counters.connectionsOpened == 2)
            }
        }
    }

    @Test func aConnectionThatNeverAnswersDoesNotHoldACommandLongerThanItsTimeout() async throws {
        try await withPrivateRedis { server in
            var configuration = try server.configuration(timeout: .seconds(2))
            configuration.connectTimeout = .seconds(600)
            configuration.database = 1
            server.signal(SIGSTOP)
            try await withClient(configuration) { client in
                let start = ContinuousClock.now
                #expect(await failure(client, "PING")?.code == .connectionFailed)
                #expect(ContinuousClock.now - start < .seconds(60))
                #expect(client.counters.commandsSent == 1)
                // A command that expired before its write must not be written later.
                server.signal(SIGCONT)
                let reply = try await client.send("PING")
                #expect(reply == .status("PONG"))
                #expect(client.counters.commandsSent == 2)
                #expect(client.counters.connectionsOpened == 1)
            }
            server.signal(SIGCONT)
        }
    }

    @Test func cancellationReleasesTheCallerAndShiftsNoReply() async throws {
        try await withPrivateRedis { server in
            try await withClient(server.configuration(timeout: .seconds(600))) { client in
                try await server.suspend(connectedTo: client)
                let doomed = Task { await failure(client, "ECHO", ["doomed"]) }
                try await eventually { client.counters.commandsSent == 2 }
                let survivor = Task { try await client.send("ECHO", "survivor") }
                try await eventually { client.counters.commandsSent == 3 }
                let start = ContinuousClock.now
                doomed.cancel()
                #expect(await doomed.value?.code == .cancelled)
                #expect(ContinuousClock.now - start < .seconds(60))
                server.signal(SIGCONT)
                #expect(try await survivor.value == .bulk(Array("survivor".utf8)))
                #expect(try await client.send("ECHO", "next") == .bulk(Array("next".utf8)))
                #expect(client.counters.connectionsOpened == 1)
            }
        }
    }

    @Test func manyCancellationsShiftNoReply() async throws {
        try await withPrivateRedis { server in
            try await withClient(server.configuration()) { client in
                await withTaskGroup(of: Void.self) { group in
                    for number in 0..<600 {
                        group.addTask {
                            let value = Array("\(number)".utf8)
                            let task = Task { try await client.send("ECHO", .bytes(value)) }
                            if number % 3 == 0 {
                                if number % 2 == 0 { await Task.yield() }
                                task.cancel()
                            }
                            switch await task.result {
                            case .success(let reply): #expect(reply == .bulk(value))
                            case .failure(let error):
                                #expect((error as? RedisError)?.code == .cancelled && number % 3 == 0)
                            }
                        }
                    }
                }
                #expect(client.counters.connectionsOpened == 1)
            }
        }
    }

    @Test func aCancelledCallerOfAScriptGetsItsReply() async throws {
        try await withPrivateRedis { server in
            try await withClient(server.configuration(timeout: .seconds(600))) { client in
                try await server.suspend(connectedTo: client)
                let script = RedisScript(source: "return redis.call('INCR', KEYS[1])")
                let caller = Task { try await client.evaluate(script, keys: ["n"], arguments: []) }
                try await eventually { client.counters.commandsSent == 2 }
                caller.cancel()
                server.signal(SIGCONT)
                // The second command contains the source of the script, because the server has not cached the script.
                #expect(try await caller.value == .integer(1))
                #expect(try await client.send("GET", "n") == .bulk(Array("1".utf8)))
            }
        }
    }

    @Test func aCancelledTaskSendsNothing() async throws {
        try await withPrivateRedis { server in
            try await withClient(server.configuration()) { client in
                let task = Task {
                    withUnsafeCurrentTask { $0?.cancel() }
                    return await failure(client, "PING")
                }
                #expect(await task.value?.code == .cancelled)
                #expect(client.counters.commandsSent == 0)
            }
        }
    }

    @Test func shutdownFailsWhatIsPendingAndWhatComesLater() async throws {
        try await withPrivateRedis { server in
            try await withClient(server.configuration(timeout: .seconds(600))) { client in
                try await server.suspend(connectedTo: client)
                let pending = Task { await failure(client, "PING") }
                try await eventually { client.counters.commandsSent == 2 }
                let start = ContinuousClock.now
                await client.shutdown()
                #expect(await pending.value?.code == .clientClosed)
                #expect(await failure(client, "PING")?.code == .clientClosed)
                #expect(ContinuousClock.now - start < .seconds(60))
                server.signal(SIGCONT)
            }
        }
    }

    @Test func aClientThatIsDroppedClosesItsConnections() async throws {
        try await withPrivateRedis { server in
            try await withClient(server.configuration()) { observer in
                func connections() async throws -> Int {
                    guard case .bulk(let list) = try await observer.send("CLIENT", "LIST") else { throw Unexpected() }
                    return list.count { $0 == 10 }
                }
                do {
                    let dropped = RedisClient(configuration: try server.configuration())
                    _ = try await dropped.send("PING")
                    #expect(try await connections() == 2)
                }
                try await eventually { try await connections() == 1 }
            }
        }
    }

    @Test func shutdownWhileConnectingDoesNotWaitForAServerThatSaysNothing() async throws {
        try await withPeer(Peer.Script()) { peer, configuration in
            let configuration = configuration.waitingForAuthentication
            let client = RedisClient(configuration: configuration)
            let pending = Task { await failure(client, "PING") }
            try await eventually { client.counters.commandsSent == 1 && peer.open == 1 }
            let start = ContinuousClock.now
            await client.shutdown()
            #expect(await pending.value?.code == .clientClosed)
            #expect(ContinuousClock.now - start < .seconds(60))
            try await eventually { peer.open == 0 }
        }
    }

    @Test func aClientThatIsDroppedWhileConnectingLeavesNothingBehind() async throws {
        try await withPeer(Peer.Script()) { peer, configuration in
            let configuration = configuration.waitingForAuthentication
            weak var counters: RedisMetrics?
            do {
                let dropped = RedisClient(configuration: configuration)
                counters = dropped.counters
                let pending = Task { await failure(dropped, "PING") }
                try await eventually { dropped.counters.commandsSent == 1 && peer.open == 1 }
                pending.cancel()
                #expect(await pending.value?.code == .cancelled)
            }
            try await eventually { peer.open == 0 && counters == nil }
        }
    }

    static let refusals = [
        Peer.Script(greeting: "-ERR max number of clients reached\r\n", closesAtEnd: true),
        Peer.Script(answers: ["-DENIED Redis is running in protected mode\r\n"], closesAtEnd: true),
        Peer.Script(answers: ["+OK\r\n", "-ERR not now\r\n"], closesAtEnd: true),
    ]

    @Test(arguments: refusals.indices)
    func aServerThatOnlyRejectsGetsBackOff(_ index: Int) async throws {
        try await withPeer(Self.refusals[index]) { peer, configuration in
            var configuration = configuration
            configuration.connectTimeout = .seconds(10)
            configuration.commandTimeout = .seconds(10)
            if Self.refusals[index].answers.count == 2 {
                configuration.password = "secret"
            }
            try await withClient(configuration) { client in
                for _ in 0..<300 {
                    #expect(await failure(client, "PING") != nil)
                }
                // The back-off soon exceeds half a second. During the back-off, commands fail immediately.
                #expect(client.counters.connectionsAttempted < 100)
            }
        }
    }

    @Test func aServerThatServesBeforeEachLossGetsNoBackOff() async throws {
        try await withPeer(Peer.Script(answers: ["+PONG\r\n"], closesAtEnd: true)) { peer, configuration in
            var configuration = configuration
            configuration.connectTimeout = .seconds(10)
            configuration.commandTimeout = .seconds(10)
            try await withClient(configuration) { client in
                for _ in 0..<20 {
                    // The command may be written before the client notices the loss. The next command then opens a connection.
                    let code = await failure(client, "PING")?.code
                    #expect(code == nil || code == .outcomeUnknown)
                }
                #expect(peer.total >= 10)
            }
        }
    }

    @Test func garbageInsteadOfAReplyToAUTHMeansThatNothingWasSent() async throws {
        try await withPeer(Peer.Script(answers: ["garbage\r\n"])) { _, configuration in
            var configuration = configuration
            configuration.password = "secret"
            configuration.connectTimeout = .seconds(10)
            configuration.commandTimeout = .seconds(10)
            try await withClient(configuration) { client in
                let error = await failure(client, "SET", ["k", "v"])
                #expect(error?.code == .connectionFailed)
                #expect((error?.cause as? RedisError)?.code == .protocolViolation)
            }
        }
    }

    @Test func aHostileServerIsDisconnectedAndRetried() async throws {
        // The announced array is larger than the memory.
        try await withPeer(Peer.Script(answers: ["*2000000000\r\n"])) { _, configuration in
            try await withClient(configuration) { client in
                for _ in 0..<2 {
                    try await eventually { await failure(client, "PING")?.code == .protocolViolation }
                }
                #expect(client.counters.connectionsOpened == 2)
            }
        }
    }
}
