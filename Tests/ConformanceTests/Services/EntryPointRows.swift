// SPDX-License-Identifier: Apache-2.0

import Hiredis
import OTP
import OTPRedis
import OTPTesting
import PrivateRedis
import SMSKit
import Testing

extension Conformance {
    /// The row of the conformance table about operations that have several entry points.
    @Suite struct EntryPointRows {
        @Test(
            "T7: `issue`, `resend`, `issueTokenless` and the command `otp` share all limits of a number",
            arguments: Trial.onStoresAndDoors
        )
        func t7(trial: Trial) async throws {
            try await trial.run(
                mutant: "a method `issueTokenless` that does not share the counts of `issue`",
                fails: "a second entry point has the same limits"
            ) { findings in
                try await trial.withPlace { place in
                    let store = place.altered { changes in
                        let own = InMemoryOTPStore(clock: ManualClock())
                        changes.issue = { code, step, base in
                            // All tokenless challenges have the same check.
                            let isTokenless = code.sealed.isEmpty
                            return try await (isTokenless ? own : base).issue(code, step)
                        }
                    }
                    let service = try await place.service(on: store)
                    let sent = try await service.issue()
                    let tokenless = await Service.error { () async throws(OTPError) in
                        _ = try await service.otp.issueTokenless(for: Service.number, purpose: .signIn)
                    }
                    findings.expect(
                        "a second entry point has the same limits",
                        tokenless?.code == .rateLimited,
                        tokenless as Any
                    )
                    let resend = await Service.error { () async throws(OTPError) in
                        _ = try await service.door.resend(for: Service.number, token: sent.token, purpose: .signIn)
                    }
                    findings.expect("a resend has the same cooldown", resend?.code == .rateLimited, resend as Any)
                    guard let redis = place.redis, !trial.isMutant else { return }
                    try await Self.checkCommand(redis, place, findings)
                }
            }
        }

        /// Checks that the command `otp` has the same limits as a service with the same store.
        private static func checkCommand(
            _ redis: RedisPlace,
            _ place: StorePlace,
            _ findings: Findings
        ) async throws {
            let keys = KeyRing.makeText()
            let client = RedisClient(configuration: try RedisConfiguration(url: redis.server.url))
            let store = RedisOTPStore(client: client, clock: ManualClock())
            let sms = RecordingSMSClient()
            let otp = try OTPService(
                store: store,
                sms: sms,
                keys: try KeyRing(text: keys),
                policy: OTPPolicy(destinations: [.singapore]),
                messages: try MessageTemplates(brand: "Acme")
            )
            let environment = [
                "OTP_REDIS_URL": redis.server.url, "OTP_KEYS": keys, "OTP_COUNTRIES": "SG",
                "OTP_SMS_ENDPOINT": "http://127.0.0.1:1", "ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAI-test",
                "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "s3cret-of-the-tests",
            ]
            let service = Service(otp: otp, door: try await place.door(to: otp), sms: sms)
            try await Self.checkLimits(service, environment, findings)
            await store.shutdown()
        }

        /// Checks that the command has the limits of the library, and that the library counts the attempts of the command.
        private static func checkLimits(
            _ service: Service,
            _ environment: [String: String],
            _ findings: Findings
        ) async throws {
            let number = Service.number.e164
            let sent = try await service.issue(purpose: .registration)
            let issue = try await Program.run(["issue", number], environment: environment)
            let isRefused = !issue.isSuccess && issue.errors.contains("try again")
            findings.expect("the command has the same cooldown", isRefused, issue)
            func verify(_ code: String) async throws -> Program.Run {
                try await Program.run(["verify", number, sent.token.text, code], environment: environment)
            }
            for step in 1...2 { _ = try await verify(wrong(sent.code, by: step)) }
            let status = try await service.door.status(for: Service.number, token: sent.token)
            findings.expect("the attempts of the command count", status.attemptsRemaining == 3, status)
            for step in 3...5 {
                _ = await service.attempt(wrong(sent.code, by: step), sent.token, purpose: .registration)
            }
            let right = try await verify(sent.code)
            findings.expect("the command refuses an exhausted code", !right.isSuccess, right)
        }
    }
}
