// SPDX-License-Identifier: Apache-2.0

import Hiredis
import Metrics
import NIOCore

extension RedisClient {
    /// Runs a script, and records the duration even if the script fails.
    func evaluate(
        _ script: RedisScript,
        _ timer: Timer,
        _ keys: [String],
        _ arguments: [RedisArgument]
    ) async throws(RedisError) -> RedisReply {
        let start = NIODeadline.now()
        defer { timer.recordTime(since: start) }
        return try await self.evaluate(script, keys: keys, arguments: arguments)
    }
}
