// SPDX-License-Identifier: Apache-2.0

import Foundation
import Hiredis
import OTP
import PrivateRedis
import RedisContents
import TextFormats

/// The keys of one test in the shared Redis server.
struct RedisPlace: Sendable {
    let server: PrivateRedisServer
    let client: RedisClient
    let prefix: String

    init(_ shared: SharedRedis, client: RedisClient) {
        self.server = shared.server
        self.client = client
        self.prefix = "test-\(String(UInt64.random(in: .min ... .max), radix: 36))"
    }

    /// Returns every key of the test with its value and its TTL in milliseconds; the TTL is -1 for a key without an expiry.
    func contents() async throws -> [(key: String, value: [UInt8], lifetime: Int64)] {
        try await self.client.contents(matching: self.prefix + ":*")
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
