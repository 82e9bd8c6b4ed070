// SPDX-License-Identifier: Apache-2.0

import InMemoryLogging
import Logging
import NIOHTTP1
import SendGuard
import Synchronization
import Testing

@testable import OTPServer

/// Tests of the limit on requests without a valid API key (REQ-61).
@Suite(.timeLimit(.minutes(2))) struct WrongKeyLimitTests {
    @Test func sourceWithTooManyWrongKeysIsLimitedButAValidKeyIsNot() async throws {
        let handler = InMemoryLogHandler()
        var logger = Logger(label: "test") { _ in handler }
        logger.logLevel = .notice
        try await TestServer.run(logger: logger) { server async throws in
            for _ in 0..<WrongKeyLimit.maximum {
                #expect(try await server.post("issue", "{}", key: "ak1.both.wrong").summary == "401 unauthorized")
            }
            for _ in 0..<2 {
                let refused = try await server.post("issue", "{}", key: "ak1.both.wrong")
                #expect(refused.summary == "429 too-many-wrong-keys")
                let wait = try #require(refused.headers.first(name: "retry-after").flatMap { Int($0) })
                #expect((1...60).contains(wait))
            }
            #expect(try await server.post("check", "{}", key: nil).status == 429)
            #expect(try await server.post("issue", "{}").summary == "400 invalid-request")
            #expect(try await server.send(.GET, "/livez").status == 200)
        }
        let records = handler.entries.filter { $0.message == "Too many wrong API keys from one source" }
        #expect(records.count == 1 && records.first?.metadata["otp.network"] == "127.0.0.0/24")
    }

    @Test func sourceBehindAListedProxyHasALimitOfItsOwn() async throws {
        let range = try #require(AddressRange("127.0.0.0/8"))
        try await TestServer.run(proxies: TrustedProxies([range])) { server async throws in
            for _ in 0...WrongKeyLimit.maximum {
                _ = try await server.post("issue", "{}", key: nil, [("x-forwarded-for", "203.0.113.7")])
            }
            for (address, status) in [("203.0.113.7", 429), ("203.0.113.8", 401)] {
                let reply = try await server.post("issue", "{}", key: nil, [("x-forwarded-for", address)])
                #expect(reply.status == status)
            }
        }
    }

    @Test func windowEndsAndItsMemoryIsBounded() throws {
        let time = Mutex<UInt64>(0)
        let limit = WrongKeyLimit { time.withLock { $0 } }
        let address = try #require(SourceAddress("2001:db8::1"))
        for _ in 0..<WrongKeyLimit.maximum { #expect(limit.record(address) == nil) }
        let neighbour = try #require(SourceAddress("2001:db8::ffff"))
        #expect(limit.record(neighbour) == .init(retryAfter: 60, isFirst: true))
        time.withLock { $0 += 59_500_000_000 }
        #expect(limit.record(address) == .init(retryAfter: 1, isFirst: false))
        time.withLock { $0 += 500_000_000 }
        #expect(limit.record(address) == nil)
        for number in 0..<25_000 {
            let bytes = [10, UInt8(number >> 16), UInt8(number >> 8 & 0xFF), UInt8(number & 0xFF)]
            #expect(limit.record(try #require(SourceAddress(bytes: bytes))) == nil)
        }
        #expect(limit.sourceCount <= WrongKeyLimit.maximumSources)
    }
}
