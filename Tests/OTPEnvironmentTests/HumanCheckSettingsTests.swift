// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTP
import SMSKit
import SendGuard
import SiteVerify
import Testing

@testable import OTPEnvironment

/// Tests of the human check in the variable `OTP_HUMAN_CHECK`.
struct HumanCheckSettingsTests {
    private static let complete: [String: String?] = [
        "OTP_GUARD": "{}", "OTP_HUMAN_CHECK": "turnstile", "OTP_HUMAN_CHECK_SECRET": Environment.secret,
    ]

    private static func settings(_ changes: [String: String?] = [:]) -> OTPSettings {
        Environment.settings(self.complete.merging(changes) { $1 })
    }

    /// Returns the error of settings, which must not contain the secret.
    private static func problem(_ settings: OTPSettings) -> String {
        do throws(OTPSettingsError) {
            let policy = try settings.policy()
            _ = try settings.sendGate(InMemorySendLedger(), for: policy)
            return "no error"
        } catch {
            #expect(!"\(error)".contains(Environment.secret))
            return "\(error)"
        }
    }

    @Test(arguments: ["turnstile", "hcaptcha", "recaptcha", "recaptcha-v3"])
    func everyProviderIsRead(name: String) throws {
        let settings = Self.settings(["OTP_HUMAN_CHECK": name])
        #expect(try settings.humanCheck?.description == "SiteVerifyCheck(\(name))")
        #expect(try settings.guardPolicy(for: try settings.policy())?.hasHumanCheck == true)
        #expect(Self.problem(settings) == "no error")
    }

    @Test func gateAndPolicyOfAServiceAgree() throws {
        for settings in [Self.settings(), Self.settings(["OTP_HUMAN_CHECK": nil, "OTP_HUMAN_CHECK_SECRET": nil])] {
            let policy = try settings.policy()
            // The initializer checks that the policy has a human check exactly if the gate has one.
            _ = try OTPService(
                store: InMemoryOTPStore(),
                sms: NoSMSClient(),
                keys: settings.keys,
                policy: policy,
                messages: settings.messages(for: policy),
                sendGuard: settings.sendGate(InMemorySendLedger(), for: policy)
            )
        }
    }

    @Test func secretIsReadFromAFile() throws {
        let environment = Environment.complete.merging([
            "OTP_GUARD": "{}", "OTP_HUMAN_CHECK": "turnstile", "OTP_HUMAN_CHECK_SECRET_FILE": "/run/secrets/site",
        ]) { $1 }
        func settings(_ text: String?) -> OTPSettings {
            OTPSettings(environment: environment) { path in
                path == "/run/secrets/site" ? text.map { Data($0.utf8) } : nil
            }
        }
        #expect(Self.problem(settings("secret-of-the-site\n")) == "no error")
        #expect(Self.problem(settings(nil)).contains("OTP_HUMAN_CHECK_SECRET_FILE cannot be used: /run/secrets/site"))
        let empty = Self.problem(settings("\n"))
        #expect(empty.contains("OTP_HUMAN_CHECK_SECRET_FILE cannot be used: secret must have 1 to 1024 bytes"))
    }

    @Test(
        arguments: [
            (["OTP_HUMAN_CHECK": "captcha"], "OTP_HUMAN_CHECK cannot be used: it is not a provider of human checks"),
            (["OTP_GUARD": nil], "OTP_HUMAN_CHECK cannot be used: only a guard asks for a human check"),
            (["OTP_HUMAN_CHECK_SECRET": nil], "OTP_HUMAN_CHECK_SECRET is not set"),
            (["OTP_HUMAN_CHECK_SECRET_FILE": "/a"], "OTP_HUMAN_CHECK_SECRET_FILE cannot be used"),
            (
                ["OTP_HUMAN_CHECK_HOSTNAMES": "example.com,https://a.test"],
                "OTP_HUMAN_CHECK_HOSTNAMES cannot be used: entry 2 is not a host name"
            ),
            (["OTP_HUMAN_CHECK_HOSTNAMES": "example.com,"], "OTP_HUMAN_CHECK_HOSTNAMES cannot be used: entry 2"),
        ] as [([String: String?], String)]
    )
    func errorNamesTheVariable(changes: [String: String?], problem: String) {
        #expect(Self.problem(Self.settings(changes)).hasPrefix(problem))
    }
}

private struct NoSMSClient: SMSClient {
    func send(_ message: SMSMessage, timeout: Duration) async -> SMSSendOutcome {
        .rejected(SMSError(code: "no", kind: .caller, message: "no"))
    }
}
