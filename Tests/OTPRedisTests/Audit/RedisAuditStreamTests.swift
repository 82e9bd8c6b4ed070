// SPDX-License-Identifier: Apache-2.0

import Foundation
import Hiredis
import OTP
import PrivateRedis
import SendGuard
import Testing

@testable import OTPRedis

/// Tests of the bounded stream of audit events in Redis.
@Suite struct RedisAuditStreamTests {
    private static let start = Date(timeIntervalSince1970: 1_700_000_000.125)

    /// Runs a closure with a stream whose client has only the documented rights.
    private static func with(
        length: Int = 100_000,
        _ body: (TestRedis, RedisAuditStream) async throws -> Void
    ) async throws {
        try await TestRedis.with { redis in
            let client = RedisClient(configuration: try TestRedis.restricted(redis.server))
            let stream = RedisAuditStream(client: client, length: length)
            let result: Swift.Result<Void, any Error>
            do {
                result = .success(try await body(redis, stream))
            } catch {
                result = .failure(error)
            }
            await stream.shutdown()
            try result.get()
        }
    }

    private static func events(_ count: Int) -> [AuditEvent] {
        (0..<count)
            .map { number in
                AuditEvent(
                    number.isMultiple(of: 2) ? .issue : .decision,
                    at: Self.start + Double(number),
                    [.outcome: "ok", .tenant: "acme \(number)\r\n*", .decision: "d\(number)"]
                )
            }
    }

    @Test func eventsAreReadAgainNewestFirst() async throws {
        try await Self.with { _, stream in
            #expect(try await stream.newest(10).isEmpty)
            let events = Self.events(1_234)
            for start in stride(from: 0, to: events.count, by: 100) {
                try await stream.record(Array(events[start..<min(start + 100, events.count)]))
            }
            #expect(try await stream.newest(5_000) == events.reversed())
            #expect(try await stream.newest(1) { $0[.decision] == "d3" } == [events[3]])
            #expect(try await stream.newest(1) { $0[.decision] == "none" }.isEmpty)
        }
    }

    @Test func layoutIsThatOfTheDocument() async throws {
        try await Self.with { redis, stream in
            try await stream.record([AuditEvent(.verify, at: Self.start, [.tenant: "acme", .outcome: "ok"])])
            let reply = try await redis.client.send("XRANGE", "otp:{audit}", "-", "+")
            guard case .array(let entries) = reply, case .array(let parts) = entries[0] else {
                throw TestRedis.Unexpected()
            }
            let fields = ["v", "1", "kind", "verify", "time", "1700000000125000", "outcome", "ok", "tenant", "acme"]
            #expect(parts[1] == .array(fields.map { .bulk(Array($0.utf8)) }))
            #expect(try await redis.client.send("PTTL", "otp:{audit}").isNearly(400 * 86_400_000))
        }
    }

    @Test func entryOfAnotherVersionIsLeftOut() async throws {
        try await Self.with { redis, stream in
            try await stream.record([Self.events(1)[0]])
            _ = try await redis.client.send("XADD", "otp:{audit}", "*", "v", "2", "kind", "x")
            #expect(try await stream.newest(10) == [Self.events(1)[0]])
        }
    }

    /// The stream can be slightly longer than its maximum length, because Redis removes only whole nodes of 100 entries.
    @Test func streamIsBounded() async throws {
        try await Self.with(length: 500) { redis, stream in
            for _ in 0..<20 { try await stream.record(Self.events(100)) }
            guard case .integer(let length) = try await redis.client.send("XLEN", "otp:{audit}") else {
                throw TestRedis.Unexpected()
            }
            #expect((500...700).contains(length))
        }
    }

    @Test func streamWithoutAServerFails() async throws {
        try await Self.with { redis, stream in
            try await redis.server.stop()
            await #expect(throws: RedisError.self) { try await stream.record(Self.events(1)) }
        }
        let stream = try RedisAuditStream(configuration: RedisConfiguration(endpoint: .unixSocket(path: "/nowhere")))
        await stream.shutdown()
        await #expect(throws: RedisError(code: .clientClosed, message: "")) { try await stream.run() }
        #expect(throws: RedisError.self) {
            try RedisAuditStream(configuration: RedisConfiguration(endpoint: .unixSocket(path: "/x")), prefix: "{")
        }
    }
}

extension RedisReply {
    fileprivate func isNearly(_ number: Int64) -> Bool {
        guard case .integer(let integer) = self else { return false }
        return (number - 60_000...number).contains(integer)
    }
}
