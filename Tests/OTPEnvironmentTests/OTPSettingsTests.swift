// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import Foundation
import Hiredis
import OTP
import OTPTesting
import SMSKit
import Testing

@testable import OTPEnvironment

/// Tests of the settings of a service in environment variables.
struct OTPSettingsTests {
    @Test func completeEnvironmentIsRead() throws {
        let settings = Environment.settings([
            "OTP_NUMBER_KINDS": "mobile, fixedLine", "OTP_NUMBERING_PLAN": "BJ * 8; KZ 600 10 mobile",
            "OTP_RESEND": "renew", "OTP_DEVICE_LANE": "on", "OTP_BRAND": "Acme", "OTP_ORIGIN": "example.com",
            "OTP_LANGUAGES": "zh-HK,en,en",
            "OTP_MAXIMUM_SEGMENTS": "2", "OTP_SMS_ENDPOINT": "http://emulator:8026",
            "OTP_ALLOW_PLAINTEXT_ENDPOINT": "TRUE", "OTP_SMS_SENDER_ID": "Acme",
            "ALIBABA_CLOUD_SECURITY_TOKEN": "token", "HTTPS_PROXY": "http://proxy.test:3128",
            "NO_PROXY": "10.0.0.0/8",
        ])
        let redis = try settings.redis
        #expect("\(redis.deployment)".contains("redis.test:6380"))
        #expect(redis.username == "app" && redis.password == Environment.secret)
        #expect(redis.database == 2 && redis.tls != nil)
        #expect("\(try settings.keys)" == #"KeyRing(code: ["1"], index: ["1"])"#)

        let policy = try settings.policy()
        #expect(policy.destinations == [.singapore, .unitedKingdom])
        #expect(policy.kinds == [.mobile, .fixedLine] && policy.resend == .renew)
        #expect(policy.limits == OTPLimits() && policy.deviceLane == DeviceLane())
        #expect(try PhoneNumber("+229 97 12 34 56", plan: settings.numberingPlan).e164 == "+22997123456")

        let messages = try settings.messages(for: policy)
        let chinese = try #require(messages.languages?.first)
        #expect(messages.languages?.count == 2 && messages.maximumSegments == 2)
        let text = messages.text(code: "048213", purpose: .signIn, locale: chinese, lifetime: .seconds(300))
        #expect(text.contains("Acme") && text.hasSuffix("@example.com #048213"))

        let gateway = try settings.gateway
        #expect(gateway.endpoint == "http://emulator:8026" && gateway.allowsPlaintextEndpoint)
        #expect(gateway.senderID == "Acme")
        #expect(try settings.credential?.securityToken == "token")
        #expect(try settings.proxy?.host == "proxy.test")
    }

    @Test func optionalVariablesHaveDefaults() async throws {
        let settings = Environment.settings()
        try await Environment.readAll(settings)
        let policy = try settings.policy()
        #expect(policy == OTPPolicy(destinations: [.singapore, .unitedKingdom]))
        #expect(try settings.numberKinds == nil)
        #expect(try settings.gateway == AlibabaSMSConfiguration())
        #expect(try settings.proxy == nil)
        #expect(try settings.messages(for: policy).maximumSegments == 1)
        #expect(try Environment.settings(["OTP_COUNTRIES": "ALL"]).destinations == Set(Region.all))
        #expect(try settings.policy(destinations: [.unitedStates]).destinations == [.unitedStates])
    }

    @Test func unknownAndEmptyVariablesAreIgnored() async throws {
        try await Environment.readAll(
            Environment.settings(["OTP_UNKNOWN": "x", "OTP_RESEND": "", "OTP_NUMBER_KINDS": "", "HTTPS_PROXY": ""])
        )
    }

    @Test(arguments: ["OTP_REDIS_URL", "OTP_KEYS", "OTP_COUNTRIES", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"])
    func missingVariableIsNamedWithItsRemedy(variable: String) async throws {
        for value in [nil, ""] as [String?] {
            let settings = Environment.settings([variable: value])
            let error = await #expect(throws: OTPSettingsError.self) { try await Environment.readAll(settings) }
            #expect(error?.code == .missing && error?.variable == variable)
            #expect(error?.description.hasPrefix("\(variable) is not set: set it to ") == true, "\(error as Any)")
        }
    }

    @Test func missingAccessKeyIDIsNamed() {
        let settings = Environment.settings(["ALIBABA_CLOUD_ACCESS_KEY_ID": nil])
        let error = #expect(throws: OTPSettingsError.self) { try settings.smsClient() }
        #expect(error?.code == .missing && error?.variable == "ALIBABA_CLOUD_ACCESS_KEY_ID")
    }

    /// The invalid values of each variable, with ``Environment/secret`` in every place that can contain a secret.
    static let invalid: [String: [String]] = [
        "OTP_REDIS_URL": [
            "http://app:\(Environment.secret)@redis.test", "redis://app:\(Environment.secret)@redis.test:port",
            "redis://app:\(Environment.secret)@redis.test/0?\(Environment.secret)=1", Environment.secret,
            "redis-sentinel://:\(Environment.secret)@redis.test", "redis-cluster://:\(Environment.secret)@a.test/1",
        ],
        "OTP_KEYS": [
            Environment.secret, "code/1:\(Environment.secret)", "code/1:\(Environment.secret)*,index/1:x",
            String(KeyRing.makeText().prefix { $0 != "," }), "code/1:" + String(repeating: "A", count: 44),
            KeyRing.makeText() + "," + KeyRing.makeText(), ",",
        ],
        "OTP_COUNTRIES": ["SG,", "Singapore", "SG;GB", ","],
        "OTP_NUMBER_KINDS": ["mobile,", "landline", "Mobile", "mobile;voip"],
        "OTP_NUMBERING_PLAN": ["BJ", "SG x 8", "XX * 8"],
        "OTP_BRAND": ["a/b", "example.com", String(repeating: "a", count: 21), "12345"],
        "OTP_ORIGIN": ["https://example.com", "localhost", "a12345.example"],
        "OTP_LANGUAGES": ["tlh", "en,,fr", ","],
        "OTP_TEXTS": ["/nowhere/texts.json", "/"],
        "OTP_MAXIMUM_SEGMENTS": ["0", "9", "two", "1.5"],
        "OTP_CODE_LENGTH": ["five", "5", "11"],
        "OTP_CODE_ALPHABET": ["letters", "Digits"],
        "OTP_STRICT20": ["true"],
        "OTP_CODE_LIFETIME": ["5 minutes", "59s", "11m", "-1s"],
        "OTP_ATTEMPTS_PER_CODE": ["0", "11", "many"],
        "OTP_ATTEMPTS_PER_CHALLENGE": ["0", "4", "21"],
        "OTP_PROOF_LIFETIME": ["0s", "11m", "x"],
        "OTP_RESEND": ["never", "Renew"],
        "OTP_SENDS_PER_CHALLENGE": ["0", "6"],
        "OTP_COOLDOWN": ["60s,", "1w", "0s", "2d"],
        "OTP_REFUSED_COOLDOWN": ["0s", ","],
        "OTP_COOLDOWN_RESET": ["59s", "8d", "5m"],
        "OTP_SEND_WINDOWS": ["5", "5/1h,", "0/1h", "x/1h", "5/1h/2"],
        "OTP_SEND_TIMEOUT": ["61s", "500ms"],
        "OTP_MAXIMUM_OVERDUE_SENDS": ["0", "100001"],
        "OTP_MAXIMUM_PENDING_SENDS": ["999", "1000001"],
        "OTP_FAILURE_WINDOWS": ["201/1h", "5/401d"],
        "OTP_CONSECUTIVE_FAILURES": ["0", "101"],
        "OTP_CONSECUTIVE_FAILURES_RETENTION": ["29d", "401d"],
        "OTP_DEVICE_LANE": ["true", "On", " on"],
        "OTP_DEVICE_TOKEN_LIFETIME": ["23h", "401d"],
        "OTP_DEVICE_LANE_SEND_WINDOWS": ["x", "1/2h"],
        "OTP_DEVICE_LANE_FAILURE_WINDOWS": ["x", "1/1h"],
        "OTP_DEVICE_LANE_CONSECUTIVE_FAILURES": ["0", "100"],
        "OTP_GUARD": ["/nowhere/guard.json", "{", #"{"prices": {"Mars": 1}}"#, "[]"],
        "OTP_HUMAN_CHECK": ["captcha", "Turnstile"],
        "OTP_HUMAN_CHECK_SECRET": [String(repeating: Environment.secret, count: 100)],
        "OTP_HUMAN_CHECK_SECRET_FILE": ["/nowhere/secret"],
        "OTP_HUMAN_CHECK_HOSTNAMES": ["https://a.test", "a.test,"],
        "OTP_AUDIT": ["file", "log,", "Redis"],
        "OTP_PROFILE": ["prod", "Production"],
        // The profile of these settings allows no test number.
        "OTP_TEST_NUMBERS": ["+447700900123=161803@2027-01-31", Environment.secret],
        "OTP_SMS_ENDPOINT": [
            "http://emulator", "ftp://a.test", "https://user:\(Environment.secret)@a.test", "https://a.test/path",
        ],
        "OTP_ALLOW_PLAINTEXT_ENDPOINT": ["1", "yes", " true"],
        "OTP_SMS_SENDER_ID": ["name-", String(repeating: "a", count: 40)],
        "ALIBABA_CLOUD_ACCESS_KEY_ID": ["\(Environment.secret)?", "a b"],
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": ["\(Environment.secret)?", "a b"],
        "ALIBABA_CLOUD_SECURITY_TOKEN": ["\(Environment.secret)?"],
        "HTTPS_PROXY": ["socks5://me:\(Environment.secret)@a.test", "http://", "http://a.test/path"],
        "https_proxy": ["socks5://me:\(Environment.secret)@a.test"],
        "NO_PROXY": ["10.0.0.0/33", "a.test:https"],
        "no_proxy": ["10.0.0.0/33"],
        "OTP_STS_ENDPOINT": ["http://sts.test", "ftp://a.test", "https://u:\(Environment.secret)@a.test"],
        "OTP_METADATA_ENDPOINT": ["ftp://a.test", "metadata", "http://u:\(Environment.secret)@a.test"],
    ]

    @Test(arguments: OTPSettings.variables)
    func invalidValueIsNamedWithoutSecrets(variable: String) async throws {
        for value in try #require(Self.invalid[variable], "no invalid value is tested") {
            var changes: [String: String?] = [variable: value]
            if variable.uppercased() == "NO_PROXY" { changes["HTTPS_PROXY"] = "http://me:\(Environment.secret)@a.test" }
            if variable.hasPrefix("OTP_HUMAN_CHECK_") {
                changes.merge(["OTP_GUARD": "{}", "OTP_HUMAN_CHECK": "turnstile"]) { old, _ in old }
            }
            if variable.hasPrefix("OTP_DEVICE_LANE_") { changes["OTP_DEVICE_LANE"] = "on" }
            if variable == "OTP_HUMAN_CHECK_HOSTNAMES" { changes["OTP_HUMAN_CHECK_SECRET"] = Environment.secret }
            let settings = Environment.settings(changes)
            let error = await #expect(throws: OTPSettingsError.self, "\(variable)=\(value)") {
                try await Environment.readAll(settings)
            }
            let description = "\(error as Any)"
            #expect(error?.code == .invalid && error?.variable == variable, "\(value): \(description)")
            #expect(error?.description.hasPrefix("\(variable) cannot be used: ") == true, "\(description)")
            #expect(!description.contains(Environment.secret), "\(description)")
            for part in settings.values["OTP_KEYS", default: ""].split(separator: ":").dropFirst() {
                #expect(!description.contains(part.prefix(16)) || part.count < 16, "\(description)")
            }
        }
    }

    @Test func plaintextEndpointNamesThePermission() throws {
        let settings = Environment.settings(["OTP_SMS_ENDPOINT": "http://emulator:8026"])
        let error = #expect(throws: OTPSettingsError.self) { try settings.smsClient() }
        #expect(error?.remedy?.contains("OTP_ALLOW_PLAINTEXT_ENDPOINT=true") == true)
        #expect(error?.problem.hasPrefix("it must be https: ") == true, "\(error as Any)")
    }

    @Test func requestedLanguageIsChecked() throws {
        let settings = Environment.settings(["OTP_ORIGIN": "login.accounts.example.co.uk", "OTP_COUNTRIES": "GB"])
        let policy = try settings.policy()
        _ = try settings.messages(for: policy, requesting: .french)
        let error = #expect(throws: OTPSettingsError.self) {
            try settings.messages(for: policy, requesting: .japanese)
        }
        #expect(error?.variable == "OTP_ORIGIN" && error?.problem.hasPrefix("ja: ") == true)
    }

    @Test func descriptionsNameVariablesWithoutValues() {
        let settings = Environment.settings(["OTP_BRAND": "Acme"])
        #expect(settings.description.contains("OTP_KEYS") && !settings.description.contains("OTP_RESEND"))
        var dumped = ""
        dump(settings, to: &dumped)
        for text in [settings.description, "\(settings)", String(reflecting: settings), dumped] {
            #expect(!text.contains(Environment.secret) && !text.contains("Acme"), "\(text)")
        }
    }

    @Test func serviceOfSettingsIssuesAndVerifies() async throws {
        let settings = Environment.settings(["OTP_BRAND": "Acme"])
        let policy = try settings.policy()
        let sms = RecordingSMSClient()
        let otp = try OTPService(
            store: InMemoryOTPStore(),
            sms: sms,
            keys: settings.keys,
            policy: policy,
            messages: settings.messages(for: policy)
        )
        let number = try PhoneNumber("+65 9123 4567", plan: settings.numberingPlan)
        let challenge = try await otp.issue(for: number, purpose: .registration)
        let code = try #require(sms.lastCode(to: number))
        _ = try await otp.verify(code, for: number, token: challenge.token, purpose: .registration)
        await #expect(throws: OTPError.self) {
            _ = try await otp.issue(for: PhoneNumber("+1 202 555 0123"), purpose: .registration)
        }
    }
}
