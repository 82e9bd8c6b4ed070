// SPDX-License-Identifier: Apache-2.0

import PrivateRedis

/// Runs a closure with an empty Redis server that no other test uses.
///
/// Every call starts its own `redis-server` as a child process, so tests can run in parallel. The server listens on a Unix
/// domain socket that only the current user can open. It uses no port and stores nothing on disk. The server ends when the
/// closure ends, when the task is cancelled, or when the test process dies.
///
/// ```swift
/// import OTPRedis
/// import OTPRedisTesting
/// import Testing
///
/// @Test func aCodeIsAcceptedOnce() async throws {
///     try await withRedis { redis in
///         let store = try RedisOTPStore(url: redis.url)
///         // … create an OTPService with the store, issue and verify …
///         await store.shutdown()
///     }
/// }
/// ```
///
/// `PATH` must contain `redis-server` (Debian and Ubuntu: `sudo apt-get install redis-server`), and `/bin/sh` must exist. The
/// folder of the socket is created in `TMPDIR`, or in `/tmp` if `TMPDIR` is not set.
///
/// - Parameters:
///   - arguments: Additional arguments for `redis-server`, such as `["--maxmemory", "1mb"]`.
///   - body: The closure, which receives the server.
/// - Returns: The result of the closure.
/// - Throws: ``TestRedisError`` if the server does not start, or the error of the closure.
public func withRedis<Result: Sendable>(
    arguments: [String] = [],
    _ body: (TestRedis) async throws -> Result
) async throws -> Result {
    do {
        return try await withPrivateRedis(arguments: arguments) { server in
            try await body(TestRedis(server: server))
        }
    } catch let error as PrivateRedisError {
        throw TestRedisError(error)
    }
}
