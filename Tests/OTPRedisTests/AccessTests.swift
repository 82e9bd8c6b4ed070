import Foundation
import Hiredis
import OTPRedis
import Testing

/// What a Redis user must be allowed; every other test of the store runs as such a user.
@Suite struct AccessTests {
    @Test func userOfTheDocumentationLacksNothing() async throws {
        try await TestRedis.with { redis in
            let client = RedisClient(configuration: try TestRedis.restricted(redis.server))
            #expect(try await TestRedis.access.missing(client) == [])
            let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                .appending(path: "../../Docs/Operations.md").standardizedFileURL
            let rules = TestRedis.access.rules
            #expect(try String(contentsOf: page, encoding: .utf8).contains("user otp on >PASSWORD \(rules)"))
            await client.shutdown()
            try await Self.expectNothingLasts(redis)
        }
    }

    @Test(arguments: TestRedis.access.commands)
    func eachCommandIsNeededAndMissed(command: String) async throws {
        try await TestRedis.with { redis in
            _ = try await redis.client.send("ACL", ["SETUSER", "otp", .text("-\(command)")])
            let client = RedisClient(configuration: try TestRedis.restricted(redis.server))
            #expect(try await TestRedis.access.missing(client) == [command])
            await client.shutdown()
            try await Self.expectNothingLasts(redis)
        }
    }

    @Test func otherKeysAreMissed() async throws {
        try await TestRedis.with { redis in
            _ = try await redis.client.send("ACL", ["SETUSER", "otp", "resetkeys", "~other:*"])
            let client = RedisClient(configuration: try TestRedis.restricted(redis.server))
            #expect(try await TestRedis.access.missing(client) == ["~otp:*"])
            await client.shutdown()
        }
    }

    @Test func whatTheDeploymentTakesIsAdded() throws {
        var configuration = RedisConfiguration(deployment: .cluster([.tcp(host: "127.0.0.1", port: 1)]))
        configuration.minimumReplicas = 1
        #expect(RedisAccess(configuration).commands.suffix(3) == ["wait", "cluster|slots", "asking"])
        let sentinel = RedisConfiguration.Sentinel(sentinels: [], primaryName: "p")
        #expect(RedisAccess(RedisConfiguration(deployment: .sentinel(sentinel))).commands.last == "role")
    }

    /// Expects that every key ends at once; -1 stands for one that never does.
    private static func expectNothingLasts(_ redis: TestRedis) async throws {
        let lives = try await redis.contents().map(\.life)
        #expect(lives.allSatisfy { $0 <= 1 && $0 != -1 }, "\(lives)")
    }
}
