// SPDX-License-Identifier: Apache-2.0

import Crypto
import SMSKit
import SendGuard
import SiteVerify

enum Fixture {
    static let secret = "0x4AAAAAAAsecret+/=&key"
    static let hash = ScopeHash { bytes in
        Array(HMAC<SHA256>.authenticationCode(for: bytes, using: SymmetricKey(data: Array("a key of the test".utf8))))
    }

    static func request(_ number: String = "+6591234567", purpose: String = "sign-in") throws -> SendRequest {
        SendRequest(
            number: try PhoneNumber(number),
            tenant: "acme",
            purpose: purpose,
            source: SourceAddress("192.0.2.1")
        )
    }

    /// Returns Turnstile's JSON for a valid response to a request.
    static func verdict(for request: SendRequest, hostname: String = "example.com") -> String {
        let (action, data) = (SiteVerifyProvider.action(for: request.purpose), Self.hash.humanCheckBinding(of: request))
        return """
            {"success":true,"error-codes":[],"challenge_ts":"2026-11-28T12:00:00Z","hostname":"\(hostname)",\
            "action":"\(action)","cdata":"\(data)","metadata":{"interactive":false}}
            """
    }

    /// Runs a closure with a human check that uses a provider, and then shuts the check down.
    static func withCheck<Result: Sendable>(
        _ provider: SiteVerifyProvider = .turnstile,
        at url: String,
        configure: (inout SiteVerifyConfiguration) -> Void = { _ in },
        body: (SiteVerifyCheck) async throws -> Result
    ) async throws -> Result {
        var configuration = SiteVerifyConfiguration(provider, secret: Self.secret, hostnames: ["Example.com"])
        configuration.url = url
        configure(&configuration)
        let check = try SiteVerifyCheck(configuration, hash: Self.hash)
        let result: Swift.Result<Result, any Error>
        do {
            result = .success(try await body(check))
        } catch {
            result = .failure(error)
        }
        try await check.shutdown()
        return try result.get()
    }

    /// Verifies one response against a provider with a fixed reply.
    static func verify(
        _ reply: FakeProvider.Reply,
        from provider: SiteVerifyProvider = .turnstile,
        of request: SendRequest,
        configure: (inout SiteVerifyConfiguration) -> Void = { _ in }
    ) async throws -> HumanCheckResult {
        try await FakeProvider.with(reply: { _ in reply }) { fake in
            try await Self.withCheck(provider, at: fake.url, configure: configure) { check in
                try await check.verify("response", of: request)
            }
        }
    }
}
