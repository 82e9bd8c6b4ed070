// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
import Hiredis
import MovableClock
import OTP
import OTPRedis
import OTPTesting
import PrivateRedis
import SMSKit

/// A store on a private Redis server whose clock the test controls.
struct TestRedis: Sendable {
    let server: PrivateRedisServer
    let clock: MovableClock
    /// A client with all rights.
    let client: RedisClient
    /// The store, whose client has only the documented rights.
    let store: RedisOTPStore
    /// The monotonic clock of the store's process.
    let monotonic: ManualClock

    static let access = RedisACL(RedisConfiguration(endpoint: .unixSocket(path: "")))

    static func restricted(_ server: PrivateRedisServer) throws -> RedisConfiguration {
        try RedisConfiguration(url: "\(server.url)?username=otp&password=secret")
    }

    static func with<Result: Sendable>(
        frozen: Bool = false,
        _ body: (TestRedis) async throws -> Result
    ) async throws -> Result {
        let clock = try await MovableClock()
        if frozen { try clock.freeze() }
        let user = ["--user", "otp", "on", ">secret"] + Self.access.rules.split(separator: " ").map(String.init)
        return try await withPrivateRedis(arguments: user, environment: clock.environment) { server in
            let client = RedisClient(configuration: try RedisConfiguration(url: server.url))
            let restricted = RedisClient(configuration: try Self.restricted(server))
            let monotonic = ManualClock()
            let redis = TestRedis(
                server: server,
                clock: clock,
                client: client,
                store: RedisOTPStore(client: restricted, clock: monotonic),
                monotonic: monotonic
            )
            let result: Swift.Result<Result, any Error>
            do {
                result = .success(try await body(redis))
            } catch {
                result = .failure(error)
            }
            await client.shutdown()
            await restricted.shutdown()
            return try result.get()
        }
    }

    var conformance: OTPStoreConformance {
        OTPStoreConformance(store: self.store) { try self.clock.advance(by: $0) }
    }

    var proofConformance: ProofStoreConformance {
        ProofStoreConformance(store: self.store, now: self.time, advance: { try self.clock.advance(by: $0) })
    }

    /// Advances the server's clock and the monotonic clock.
    func pass(_ duration: Duration) throws {
        try self.clock.advance(by: duration)
        self.monotonic.advance(by: duration)
    }

    func service(
        sms: any SMSClient,
        keys: KeyRing,
        policy change: (inout OTPPolicy) -> Void = { _ in }
    ) throws -> OTPService {
        var policy = OTPPolicy(destinations: [.singapore])
        change(&policy)
        return try OTPService(
            store: self.store,
            sms: sms,
            keys: keys,
            policy: policy,
            messages: try MessageTemplates(brand: "Acme")
        )
    }

    /// Returns the time of the server's clock.
    func time() async throws -> StoreTime {
        try await self.store.inspect(PhoneNumberIndexes(PhoneNumberIndex(bytes: [UInt8](repeating: 0, count: 16)))).time
    }

    /// Returns every key with its value and its TTL in milliseconds; the TTL is -1 for a key without an expiry.
    func contents() async throws -> [(key: String, value: [UInt8], lifetime: Int64)] {
        var contents: [(String, [UInt8], Int64)] = []
        var cursor = "0"
        repeat {
            guard
                case .array(let page) = try await self.client.send("SCAN", [.text(cursor), "COUNT", 1000]),
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

    struct Unexpected: Error {}
}

extension KeyRing {
    /// Creates a key ring whose secrets are derived from the key IDs.
    static func test(code: [String] = ["k1"], index: [String] = ["i1"]) throws -> KeyRing {
        func key(_ id: String) throws -> KeyRing.Key {
            try KeyRing.Key(id: id, secret: SymmetricKey(data: SHA256.hash(data: Data(id.utf8))))
        }
        return try KeyRing(codeKeys: try code.map(key), indexKeys: try index.map(key))
    }
}
