// SPDX-License-Identifier: Apache-2.0

import Logging
import OTP
import OTPTesting
import SMSKit
import Testing

@testable import OTPCommand
@testable import OTPEnvironment
@testable import OTPServer
@testable import SendGuard

/// Tests of the services that a reload of the settings replaces.
@Suite struct LiveServerTests {
    private static func settings() throws -> OTPSettings {
        OTPSettings(environment: [
            "OTP_REDIS_URL": "redis://redis.test", "OTP_KEYS": KeyRing.makeText(), "OTP_COUNTRIES": "SG",
            "ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAI5test", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "secret",
            "OTP_API_KEYS": try APIKey.generate(id: "web", scopes: [.issue]).key.entry,
            "OTP_GUARD": #"{"homeRegions": ["SG"], "budgets": {"service": {"messages": 100}}}"#,
        ])
    }

    @Test func reportsOfRequestsThatBeganBeforeAReloadAreDeliveredAtTheEnd() async throws {
        let (settings, ledger) = (try Self.settings(), InMemorySendLedger())
        let live = try LiveServer(
            settings,
            ServiceParts(settings, for: .issue),
            ServiceBackend(store: InMemoryOTPStore(), ledger: ledger, audit: nil, sms: RecordingSMSClient()),
            idempotency: InMemoryIdempotencyStore(),
            threshold: LogThreshold(.critical)
        )
        let former = live.routes.current.service
        for _ in 0..<2 { _ = try await live.reload(settings, isVerbose: true) }
        _ = try await former.issue(for: PhoneNumber("+6591234567"), purpose: .registration)
        _ = try await live.routes.current.service.issue(for: PhoneNumber("+6591234568"), purpose: .registration)
        await live.flush()
        #expect(try await ledger.report(ofDay: ledger.modes().time.day).total(.sent) == 2)
    }
}
