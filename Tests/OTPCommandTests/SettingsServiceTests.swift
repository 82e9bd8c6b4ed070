// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import OTP
import OTPEnvironment
import OTPRedis
import SMSKit
import Testing

/// Tests of a service that the library creates from the environment of a demo.
@Suite(.timeLimit(.minutes(2)))
struct SettingsServiceTests {
    @Test func codeOfALibraryServiceVerifiesWithTheCommand() async throws {
        try await Demo.run { demo in
            let settings = OTPSettings(environment: demo.environment)
            let policy = try settings.policy()
            let store = try RedisOTPStore(configuration: settings.redis)
            let sms = try settings.smsClient()
            let otp = try OTPService(
                store: store,
                sms: sms,
                keys: settings.keys,
                policy: policy,
                messages: settings.messages(for: policy)
            )
            let number = try PhoneNumber("+65 9123 4567", plan: settings.numberingPlan)
            let challenge = try await otp.issue(for: number, purpose: .registration)
            let code = try await demo.code(number.e164)
            let run = try await demo.otp("verify", number.e164, challenge.token.text, code)
            #expect(run.status == 0, "\(run)")
            await store.shutdown()
            try await sms.shutdown()
        }
    }
}
