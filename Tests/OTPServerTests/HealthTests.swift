// SPDX-License-Identifier: Apache-2.0

import Hiredis
import JSONOutput
import NIOHTTP1
import NIOPosix
import OTP
import OTPRedis
import OTPRedisTesting
import OTPServer
import OTPTesting
import SMSKit
import StrictJSON
import Synchronization
import Testing

/// Tests of the health routes, and of the server during an outage of Redis (REQ-17).
@Suite(.timeLimit(.minutes(3))) struct HealthTests {
    @Test func readinessFollowsTheClosure() async throws {
        let isReady = Mutex(true)
        try await TestServer.run(isReady: { isReady.withLock { $0 } }) { server async throws in
            #expect(try await server.send(.GET, "/readyz").status == 200)
            isReady.withLock { $0 = false }
            let reply = try await server.send(.GET, "/readyz")
            #expect(reply.summary == "503 unavailable" && reply.headers.first(name: "retry-after") == "5")
            let live = try await server.send(.GET, "/livez")
            #expect(live.status == 200 && live["status"] == "ok")
            #expect(live.headers.first(name: "cache-control") == "no-store")
        }
    }

    @Test func headHasTheStatusAndTheHeadersOfGetWithoutABody() async throws {
        let isReady = Mutex(true)
        try await TestServer.run(isReady: { isReady.withLock { $0 } }) { server async throws in
            for (ready, path, status) in [
                (true, "/livez", 200), (true, "/readyz", 200), (true, "/openapi.json", 200), (false, "/livez", 200),
                (false, "/readyz", 503),
            ] {
                isReady.withLock { $0 = ready }
                let (get, head) = (try await server.send(.GET, path), try await server.send(.HEAD, path))
                #expect(head.status == status && get.status == status && head.body.isEmpty, "\(path)")
                for name in ["content-type", "content-length", "retry-after", "cache-control"] {
                    #expect(head.headers[name] == get.headers[name], "\(path) \(name)")
                }
            }
            let refused = try await server.send(.PUT, "/readyz")
            #expect(refused.status == 405 && refused.headers.first(name: "allow") == "GET, HEAD")
        }
    }

    @Test func requestsRunOnTheEventLoopOfTheirConnection() async throws {
        let runsOnEventLoop = Mutex(false)
        let ready = { @Sendable in
            runsOnEventLoop.withLock { $0 = MultiThreadedEventLoopGroup.currentEventLoop != nil }
            return true
        }
        try await TestServer.run(isReady: ready) { server async throws in
            #expect(try await server.send(.GET, "/readyz").status == 200)
        }
        #expect(runsOnEventLoop.withLock { $0 })
    }

    @Test func outageOfRedisIsA503OnEachRouteAndEndsByItself() async throws {
        try await withRedis { redis async throws in
            let store = try RedisOTPStore(url: redis.url)
            let ready = { @Sendable in (try? await store.ping()) != nil }
            try await TestServer.run(store: store, isReady: ready) { server async throws in
                let token = try await server.issue()
                let code = try #require(server.code)
                #expect(try await server.send(.GET, "/readyz").status == 200)
                try await redis.stop()
                let challenge = #""number":"\#(TestServer.number)","token":"\#(token)""#
                let call = #"\#(challenge),"purpose":"sign-in""#
                for (operation, body) in [
                    ("issue", #"{"number":"\#(TestServer.number)","purpose":"sign-in"}"#),
                    ("check", #"{\#(call),"code":"\#(code)"}"#), ("resend", "{\(call)}"), ("cancel", "{\(challenge)}"),
                    ("status", "{\(challenge)}"),
                ] {
                    let reply = try await server.post(operation, body)
                    #expect(reply.summary == "503 unavailable", "\(operation)")
                    #expect(reply.headers.first(name: "retry-after") != nil)
                }
                #expect(try await server.send(.GET, "/readyz").summary == "503 unavailable")
                #expect(try await server.send(.GET, "/livez").status == 200)
                #expect(server.sms.messages.count == 1)
                try await redis.start()
                let deadline = ContinuousClock.now + .seconds(60)
                while try await server.send(.GET, "/readyz").status != 200 {
                    try #require(ContinuousClock.now < deadline, "the server did not recover")
                }
                // Each event loop has its own connection, which is opened again by its next command.
                let body = #"{"number":"\#(TestServer.number)","purpose":"sign-in"}"#
                var issued = try await server.post("issue", body)
                while issued.status == 503 {
                    try #require(ContinuousClock.now < deadline, "the server did not recover")
                    issued = try await server.post("issue", body)
                }
                let again = try #require(issued["token"], "\(issued.summary)")
                #expect(try await server.check(#require(server.code), again).status == 200)
            }
            await store.shutdown()
        }
    }
}
