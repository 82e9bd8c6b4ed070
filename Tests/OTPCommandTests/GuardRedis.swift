// SPDX-License-Identifier: Apache-2.0

import Hiredis
import OTP
import OTPEnvironment
import OTPRedis
import PrivateRedis
import SMSKit
import SendGuard
import Testing

/// A Redis server with the counts of a guard, for tests of the commands `otp guard …`.
enum GuardRedis {
    /// The guard's policy, which `otp` and the service share.
    static let policy = #"""
        {"homeRegions": ["SG"], "budgets": {"service": {"messages": 1000}, "tenant": {"messages": 500}}}
        """#

    /// Runs a closure with the environment variables for a new Redis server and new keys.
    static func with(_ body: ([String: String]) async throws -> Void) async throws {
        try await withPrivateRedis { server in
            let keys = try await Program.run(["keys"])
            let line = try #require(keys.lines.first { $0.hasPrefix("OTP_KEYS=") })
            let environment = [
                "OTP_REDIS_URL": server.url, "OTP_KEYS": String(line.dropFirst("OTP_KEYS=".count)),
                "OTP_GUARD": GuardRedis.policy,
            ]
            try await body(environment)
        }
    }

    /// Runs a closure with the guard of a service in this process, with the same settings as `otp`.
    static func withService(
        _ environment: [String: String],
        _ body: (SMSGuard) async throws -> Void
    ) async throws {
        let settings = OTPSettings(environment: environment)
        let ledger = RedisSendLedger(client: RedisClient(configuration: try settings.redis))
        let policy = try #require(try settings.guardPolicy(for: OTPPolicy(destinations: [.singapore])))
        let sendGuard = try SMSGuard(policy: policy, ledger: ledger, hash: try settings.keys.scopeHash)
        let result = await asyncResult { try await body(sendGuard) }
        await sendGuard.flushReport()
        await ledger.shutdown()
        try result.get()
    }

    private static func asyncResult(_ body: () async throws -> Void) async -> Result<Void, any Error> {
        do {
            return .success(try await body())
        } catch {
            return .failure(error)
        }
    }

    /// Returns a request for a number of a fixed block, from an address in its own network.
    static func request(_ number: Int) throws -> SendRequest {
        SendRequest(
            number: try PhoneNumber("+65 9123 \(String(10_000 + number).dropFirst())"),
            tenant: "acme",
            purpose: "registration",
            source: SourceAddress("10.\(number / 256).\(number % 256).1")
        )
    }
}
