// SPDX-License-Identifier: Apache-2.0

import JSONOutput
import NIOHTTP1
import OTP
import OTPRedis
import OTPRedisTesting
import OTPServer
import OTPTesting
import SMSKit
import StrictJSON
import Synchronization
import Testing

/// Tests of the header `Idempotency-Key` (REQ-60, T22).
@Suite(.timeLimit(.minutes(3))) struct IdempotencyTests {
    private static let body = #"{"number":"\#(TestServer.number)","purpose":"sign-in"}"#
    private static let name = "idempotency-key"
    private static let key = "8e03978e-40d5-43dd-bc93-6894a57f9324"

    @Test func repeatedRequestFindsItsChallenge() async throws {
        try await TestServer.run { server async throws in
            let first = try await server.post("issue", Self.body, [(Self.name, Self.key)])
            let second = try await server.post("issue", Self.body, [(Self.name, "\"\(Self.key)\"")])
            #expect(first.status == 201 && second.status == 201)
            #expect(first["token"] == second["token"] && first["expiresAt"] == second["expiresAt"])
            #expect(server.sms.messages.count == 1)
            let code = try #require(server.code)
            #expect(try await server.check(code, #require(second["token"])).status == 200)
            // The challenge was used, so a repeated request finds none, and sends nothing.
            let third = try await server.post("issue", Self.body, [(Self.name, Self.key)])
            #expect(third.summary == "410 expired" && server.sms.messages.count == 1)
        }
    }

    @Test func otherBodyIsRejected() async throws {
        try await TestServer.run { server async throws in
            _ = try await server.post("issue", Self.body, [(Self.name, Self.key)])
            let other = #"{"number":"+6598765432","purpose":"sign-in"}"#
            let reply = try await server.post("issue", other, [(Self.name, Self.key)])
            #expect(reply.summary == "422 idempotency-mismatch" && server.sms.messages.count == 1)
        }
    }

    @Test func keysOfDifferentAPIKeysAndOperationsAreIndependent() async throws {
        try await TestServer.run { server async throws in
            let first = try await server.post("issue", Self.body, [(Self.name, Self.key)])
            let second = try await server.post(
                "issue",
                Self.body,
                key: TestServer.key.issue.text,
                [(Self.name, Self.key)]
            )
            #expect(second.status == 201 && first["token"] != second["token"])
            let token = try #require(first["token"])
            let resend = #"{"number":"\#(TestServer.number)","purpose":"sign-in","token":"\#(token)"}"#
            #expect(try await server.post("resend", resend, [(Self.name, Self.key)]).status == 202)
            #expect(server.sms.messages.count == 3)
            let again = try await server.post("resend", resend, [(Self.name, Self.key)])
            #expect(again.status == 202 && again["token"] == token && server.sms.messages.count == 3)
        }
    }

    @Test func concurrentRequestsSendOneMessage() async throws {
        try await TestServer.run { server async throws in
            let summaries = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<50 {
                    group.addTask { try await server.post("issue", Self.body, [(Self.name, Self.key)]).summary }
                }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(summaries.isSubset(of: ["201 -", "409 idempotency-conflict"]) && summaries.contains("201 -"))
            #expect(server.sms.messages.count == 1)
        }
    }

    @Test func requestInProgressIsAConflict() async throws {
        let (blocked, block) = AsyncStream.makeStream(of: Void.self)
        let (sending, reached) = AsyncStream.makeStream(of: Void.self)
        let sms = RecordingSMSClient { _ in
            reached.yield()
            for await _ in blocked { break }
            return .accepted(SMSReceipt(messageID: "1"))
        }
        try await TestServer.run(sms: sms) { server async throws in
            async let first = server.post("issue", Self.body, [(Self.name, Self.key)])
            _ = await sending.first { _ in true }
            let second = try await server.post("issue", Self.body, [(Self.name, Self.key)])
            #expect(second.summary == "409 idempotency-conflict" && second.headers.first(name: "retry-after") == "1")
            block.yield()
            #expect(try await first.status == 201)
            #expect(try await server.post("issue", Self.body, [(Self.name, Self.key)])["token"] == first["token"])
        }
    }

    @Test func failedRequestCanBeRepeated() async throws {
        let isBroken = Mutex(true)
        let sms = RecordingSMSClient { _ in
            isBroken.withLock { $0 }
                ? .rejected(SMSError(code: "X", kind: .transient, message: "down"))
                : .accepted(SMSReceipt(messageID: "1"))
        }
        try await TestServer.run(sms: sms, policy: { $0.limits.refusedCooldown = [.seconds(1)] }) {
            server async throws in
            #expect(try await server.post("issue", Self.body, [(Self.name, Self.key)]).status == 502)
            isBroken.withLock { $0 = false }
            #expect(try await server.post("issue", Self.body, [(Self.name, Self.key)]).status == 201)
            #expect(try await server.post("issue", Self.body, [(Self.name, Self.key)]).status == 201)
            #expect(server.sms.messages.count == 2)
        }
    }

    @Test(arguments: ["short", "", #"""#, "with spaces in the middle", String(repeating: "a", count: 129)])
    func malformedKeyIsRejected(key: String) async throws {
        try await TestServer.run { server async throws in
            let reply = try await server.post("issue", Self.body, [(Self.name, key)])
            #expect(reply.summary == "400 invalid-request" && server.sms.messages.isEmpty)
            let two = [(Self.name, Self.key), (Self.name, Self.key)]
            #expect(try await server.post("issue", Self.body, two).summary == "400 invalid-request")
        }
    }

    @Test func withoutAStoreTheHeaderIsRejected() async throws {
        try await TestServer.run(idempotency: nil) { server async throws in
            let reply = try await server.post("issue", Self.body, [(Self.name, Self.key)])
            #expect(reply.summary == "400 idempotency-unsupported" && server.sms.messages.isEmpty)
        }
    }

    @Test func brokenStoreSendsNothing() async throws {
        try await TestServer.run(idempotency: BrokenIdempotencyStore()) { server async throws in
            let reply = try await server.post("issue", Self.body, [(Self.name, Self.key)])
            #expect(reply.summary == "503 unavailable" && reply.headers.first(name: "retry-after") != nil)
            #expect(server.sms.messages.isEmpty)
        }
    }

    @Test func twoServersShareTheMarksInRedis() async throws {
        try await withRedis { redis async throws in
            let store = try RedisOTPStore(url: redis.url)
            let marks = RedisIdempotencyStore(sharing: store)
            try await IdempotencyStoreConformance(store: marks, advance: { _ in }).checkConcurrentInsertions()
            try await TestServer.run(store: store, idempotency: marks) { server async throws in
                let first = try await server.post("issue", Self.body, [(Self.name, Self.key)])
                let second = try await server.post("issue", Self.body, [(Self.name, Self.key)])
                #expect(first.status == 201 && second["token"] == first["token"])
                #expect(server.sms.messages.count == 1)
            }
            await store.shutdown()
        }
    }
}

/// A store that is not reachable.
private struct BrokenIdempotencyStore: IdempotencyStore {
    struct Failure: Error {}

    func insert(_ mark: [UInt8], named name: [UInt8], lifetime: Duration) async throws -> [UInt8]? { throw Failure() }

    func replace(_ mark: [UInt8], named name: [UInt8], lifetime: Duration) async throws { throw Failure() }

    func remove(named name: [UInt8]) async throws { throw Failure() }
}
