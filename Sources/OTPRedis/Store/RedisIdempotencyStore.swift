// SPDX-License-Identifier: Apache-2.0

import Hiredis
public import OTP

/// A store in Redis for the marks of requests that have an idempotency key.
///
/// A mark records whether a request is in progress or completed, so that a repeated request does not send a second message. All
/// processes of a service share the marks. Each mark is the value of a Redis key with a TTL. The name of the Redis key is a
/// keyed hash.
public struct RedisIdempotencyStore: IdempotencyStore {
    private let client: RedisClient
    private let keys: KeySchema

    /// Creates a store that shares the connections of a ``RedisOTPStore``.
    ///
    /// - Parameter store: The store with the connections.
    public init(sharing store: RedisOTPStore) {
        self.client = store.client
        self.keys = store.keys
    }

    /// Stores a mark and returns `nil`, or returns the existing mark with the same name.
    public func insert(_ mark: [UInt8], named name: [UInt8], lifetime: Duration) async throws -> [UInt8]? {
        let key = RedisArgument.text(self.keys.request(name))
        // If the existing mark expires between the two commands, both commands run again.
        for _ in 0..<3 {
            let ttl = RedisArgument.integer(lifetime.milliseconds)
            let reply = try await self.client.send("SET", [key, .bytes(mark), "NX", "PX", ttl], isCancellable: false)
            if reply == .status("OK") { return nil }
            guard reply == .null else { throw ScriptReply.unexpected }
            if case .bulk(let existing) = try await self.client.send("GET", [key], isCancellable: false) {
                return existing
            }
        }
        throw ScriptReply.unexpected
    }

    /// Stores a mark, and replaces an existing mark with the same name.
    public func replace(_ mark: [UInt8], named name: [UInt8], lifetime: Duration) async throws {
        try await self.set(mark, name, lifetime.milliseconds)
    }

    /// Removes a mark.
    public func remove(named name: [UInt8]) async throws {
        // An empty mark that expires after one millisecond replaces the mark. The Redis user may lack the right to delete keys.
        try await self.set([], name, 1)
    }

    private func set(_ mark: [UInt8], _ name: [UInt8], _ milliseconds: Int64) async throws {
        let arguments: [RedisArgument] = [
            .text(self.keys.request(name)), .bytes(mark), "PX", .integer(milliseconds),
        ]
        guard try await self.client.send("SET", arguments, isCancellable: false) == .status("OK") else {
            throw ScriptReply.unexpected
        }
    }
}
