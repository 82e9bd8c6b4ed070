// SPDX-License-Identifier: Apache-2.0

import DerivedKeys
import Foundation
import Hiredis
import MovableClock
import OTP
import OTPRedis
import OTPTesting
import PrivateRedis
import RedisContents
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
        try await self.client.contents()
    }

    struct Unexpected: Error {}
}

extension KeyRing {
    /// Creates a key ring whose secrets are derived from the key IDs.
    static func test(code: [String] = ["k1"], index: [String] = ["i1"]) throws -> KeyRing {
        try .derived(code: code, index: index)
    }
}
