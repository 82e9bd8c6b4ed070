// SPDX-License-Identifier: Apache-2.0

import Foundation
import Hiredis
import OTP
import OTPRedis
import Testing

/// Tests of the rights that the service needs.
///
/// In all other tests of the store, the user has only these rights.
@Suite struct AccessTests {
    @Test func documentedRightsSuffice() async throws {
        try await TestRedis.with { redis in
            let client = RedisClient(configuration: try TestRedis.restricted(redis.server))
            #expect(try await TestRedis.access.missing(client) == [])
            let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                .appending(path: "../../../Docs/Redis.md").standardizedFileURL
            let rules = TestRedis.access.rules
            #expect(try String(contentsOf: page, encoding: .utf8).contains("user otp on >PASSWORD \(rules)"))
            await client.shutdown()
            try await Self.expectAllKeysToExpire(redis)
        }
    }

    @Test(arguments: TestRedis.access.commands)
    func eachCommandIsNeededAndReportedAsMissing(command: String) async throws {
        try await TestRedis.with { redis in
            _ = try await redis.client.send("ACL", ["SETUSER", "otp", .text("-\(command)")])
            let client = RedisClient(configuration: try TestRedis.restricted(redis.server))
            #expect(try await TestRedis.access.missing(client) == [command])
            await client.shutdown()
            try await Self.expectAllKeysToExpire(redis)
        }
    }

    /// Without the right to run one command, wrong attempts must still be counted, or no code must be accepted.
    @Test(arguments: TestRedis.access.commands, [false, true])
    func withoutACommandAttemptsAreCountedOrNoneIsAccepted(command: String, afterAnother: Bool) async throws {
        try await TestRedis.with { redis in
            let number = PhoneNumberIndexes(PhoneNumberIndex(bytes: RedisOTPStoreTests.random(16)))
            var settings = OTPLimits()
            settings.cooldown = [.zero]
            settings.sends = [WindowLimit(20, per: .seconds(60))]
            let limits = try StoreLimits(settings)
            let code = ProtectedCode(keyID: "k1", authenticator: RedisOTPStoreTests.random(32), sealed: [])
            let challenges = (0..<2)
                .map { _ in
                    ChallengeReference(
                        id: ChallengeID(bytes: RedisOTPStoreTests.random(16)),
                        check: RedisOTPStoreTests.random(16)
                    )
                }
            for challenge in challenges {
                _ = try await redis.store.issue(challenge, code: code, for: number, limits: limits)
            }
            func attempt(_ authenticator: [UInt8], _ challenge: ChallengeReference) async throws -> VerifyDecision {
                let attempt = Attempt(candidates: [.init(keyID: "k1", authenticator: authenticator)])
                return try await redis.store.verify(attempt, of: challenge, for: number, limits: limits)
            }
            if afterAnother { _ = try await attempt(RedisOTPStoreTests.random(32), challenges[1]) }
            _ = try await redis.client.send("ACL", ["SETUSER", "otp", .text("-\(command)")])
            for _ in 0..<limits.attemptsPerCode { _ = try? await attempt(RedisOTPStoreTests.random(32), challenges[0]) }
            let last = try? await attempt(code.authenticator, challenges[0])
            if case .matched = last { Issue.record("the right code was accepted after all wrong codes") }
        }
    }

    @Test func missingKeysAreReported() async throws {
        try await TestRedis.with { redis in
            _ = try await redis.client.send("ACL", ["SETUSER", "otp", "resetkeys", "~other:*"])
            let client = RedisClient(configuration: try TestRedis.restricted(redis.server))
            #expect(try await TestRedis.access.missing(client) == ["~otp:*"])
            await client.shutdown()
        }
    }

    @Test func deploymentAddsItsCommands() throws {
        var configuration = RedisConfiguration(deployment: .cluster([.tcp(host: "127.0.0.1", port: 1)]))
        configuration.minimumReplicas = 1
        #expect(RedisACL(configuration).commands.suffix(3) == ["wait", "cluster|slots", "asking"])
        let sentinel = RedisConfiguration.Sentinel(sentinels: [], primaryName: "p")
        #expect(RedisACL(RedisConfiguration(deployment: .sentinel(sentinel))).commands.last == "role")
    }

    /// Expects that every key expires within 1 ms; the TTL of a key without an expiry is -1.
    private static func expectAllKeysToExpire(_ redis: TestRedis) async throws {
        let ttls = try await redis.contents().map(\.lifetime)
        #expect(ttls.allSatisfy { $0 <= 1 && $0 != -1 }, "\(ttls)")
    }
}
