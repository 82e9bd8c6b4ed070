// SPDX-License-Identifier: Apache-2.0

import Hiredis
public import OTP

/// A store in Redis for the marks of requests with an idempotency key.
///
/// All processes of a service share the store. Each mark is one key with a TTL. The name of the key is a keyed hash.
public struct RedisIdempotencyStore: IdempotencyStore {
    private let client: RedisClient
    private let keys: KeySchema

    /// Creates a store that shares the connections of a store of challenges.
    ///
    /// - Parameter store: The store, which owns the connections.
    public init(sharing store: RedisOTPStore) {
        self.client = store.client
        self.keys = store.keys
    }

    /// Stores a mark, unless there is one with the same name.
    public func insert(_ mark: [UInt8], named name: [UInt8], lifetime: Duration) async throws -> [UInt8]? {
        let key = RedisArgument.text(self.keys.request(name))
        // The existing mark can expire between the two commands. Both commands then run again.
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

    /// Stores a mark, which replaces an existing one.
    public func replace(_ mark: [UInt8], named name: [UInt8], lifetime: Duration) async throws {
        try await self.set(mark, name, lifetime.milliseconds)
    }

    /// Removes a mark.
    public func remove(named name: [UInt8]) async throws {
        // The mark is replaced by an empty mark with a TTL of one millisecond, because the user may have no right to delete
        // keys.
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
