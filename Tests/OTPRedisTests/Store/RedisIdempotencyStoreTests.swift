// SPDX-License-Identifier: Apache-2.0

import MovableClock
import OTPRedis
import OTPTesting
import Testing

/// Tests of the marks of requests with an idempotency key in Redis, with only the documented rights.
@Suite struct RedisIdempotencyStoreTests {
    @Test func redisConforms() async throws {
        try await TestRedis.with(frozen: true) { redis in
            let store = RedisIdempotencyStore(sharing: redis.store)
            try await IdempotencyStoreConformance(store: store) { try redis.clock.advance(by: $0) }.run()
        }
    }

    @Test func eachMarkExpiresAndHasAHashTag() async throws {
        try await TestRedis.with { redis in
            let store = RedisIdempotencyStore(sharing: redis.store)
            let names = (0..<3).map { [UInt8](repeating: $0, count: 16) }
            _ = try await store.insert([1, 2], named: names[0], lifetime: .seconds(120))
            try await store.replace([3], named: names[1], lifetime: .seconds(3600))
            _ = try await store.insert([4], named: names[2], lifetime: .seconds(3600))
            try await store.remove(named: names[2])
            let contents = try await redis.contents().filter { $0.lifetime > 1000 || $0.lifetime < 0 }
            #expect(
                contents.map(\.key).sorted() == ["otp:{AAAAAAAAAAAAAAAAAAAAAA}:r", "otp:{AQEBAQEBAQEBAQEBAQEBAQ}:r"]
            )
            #expect(contents.allSatisfy { (1...3_600_000).contains($0.lifetime) })
        }
    }
}
