// SPDX-License-Identifier: Apache-2.0
// The catalogue of the module shows this file from here on.

import OTPRedis
import OTPRedisTesting
import Testing

@Test func theStoreIsReachable() async throws {
    try await withRedis { redis in
        let store = try RedisOTPStore(url: redis.url)
        try await store.ping()
        await store.shutdown()
    }
}
