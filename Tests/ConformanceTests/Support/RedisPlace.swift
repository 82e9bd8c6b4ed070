// SPDX-License-Identifier: Apache-2.0

import Foundation
import Hiredis
import OTP
import PrivateRedis
import TextFormats

/// The keys of one test in the shared Redis.
struct RedisPlace: Sendable {
    let server: PrivateRedisServer
    let client: RedisClient
    let prefix: String

    init(_ shared: SharedRedis, client: RedisClient) {
        self.server = shared.server
        self.client = client
        self.prefix = "test-\(String(UInt64.random(in: .min ... .max), radix: 36))"
    }

    struct Unexpected: Error {}

    /// Returns every key of the test with its value and its TTL in milliseconds; the TTL is -1 for a key without an expiry.
    func contents() async throws -> [(key: String, value: [UInt8], lifetime: Int64)] {
        var contents: [(String, [UInt8], Int64)] = []
        var cursor = "0"
        repeat {
            guard
                case .array(let page) = try await self.client.send(
                    "SCAN",
                    [.text(cursor), "MATCH", .text(self.prefix + ":*"), "COUNT", 1000]
                ),
                page.count == 2, case .bulk(let next) = page[0], case .array(let keys) = page[1]
            else { throw Unexpected() }
            cursor = String(decoding: next, as: UTF8.self)
            for case .bulk(let key) in keys {
                guard
                    case .integer(let lifetime) = try await self.client.send("PTTL", [.bytes(key)]),
                    case .bulk(let value) = try await self.client.send("GET", [.bytes(key)])
                else { continue }
                contents.append((String(decoding: key, as: UTF8.self), value, lifetime))
            }
        } while cursor != "0"
        return contents
    }
}

extension RedisPlace: StateRecords {
    private func key(_ index: PhoneNumberIndex) -> RedisArgument {
        .text(Base64URL.encode(index.bytes, after: self.prefix + ":split:{", before: "}"))
    }

    func read(_ index: PhoneNumberIndex) async throws -> PhoneNumberState {
        guard case .bulk(let bytes) = try await self.client.send("GET", [self.key(index)]) else {
            return PhoneNumberState()
        }
        return try PhoneNumberState(bytes: bytes)
    }

    func write(_ state: PhoneNumberState, _ index: PhoneNumberIndex) async throws {
        _ = try await self.client.send("SET", [self.key(index), .bytes(state.bytes), "EX", 86_400])
    }
}
