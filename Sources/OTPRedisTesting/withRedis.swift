// SPDX-License-Identifier: Apache-2.0

import PrivateRedis

/// Runs a closure with an empty Redis that belongs to the test.
///
/// Starts a `redis-server` as a child process. It listens on a Unix domain socket that only this user can open, uses no port, and stores
/// nothing on disk. The server ends when the closure returns or throws, when its task is cancelled, and also when the test process dies.
/// Each call starts a server of its own, so tests run in parallel without sharing keys. A Redis that runs on the machine is not touched.
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
/// Requires `redis-server` on `PATH` (Debian and Ubuntu: `sudo apt-get install redis-server`) and `/bin/sh`. A start takes a few
/// milliseconds. The folder of the socket is created below `TMPDIR`, or below `/tmp`.
/// - Parameters:
///   - arguments: Further arguments of `redis-server`, such as `["--maxmemory", "1mb"]`.
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
