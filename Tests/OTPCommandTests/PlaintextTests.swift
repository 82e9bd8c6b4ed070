// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import OTPEnvironment
import Testing

@testable import OTPCommand

/// Tests that unencrypted connections to other machines require permission, and never send the inbox token.
struct PlaintextTests {
    static let name = "OTP_ALLOW_PLAINTEXT_ENDPOINT"
    static let others = [
        "http://emulator:8026", "http://192.0.2.1", "http://[2001:db8::1]:80", "HTTP://localhost.test",
    ]

    /// Creates the gateway client and the credential chain in the same way as a command that sends messages.
    static func open(_ values: [String: String]) async throws {
        let settings = OTPSettings(environment: values)
        let gateway = try settings.gateway
        let http = try settings.httpClient(gateway)
        let result = await asyncResult { try settings.credentialChain(for: gateway, http) }
        try await http.shutdown()
        _ = try result.get()
    }

    static func failure(_ values: [String: String]) async -> OTPSettingsError? {
        do {
            try await Self.open(values)
            return nil
        } catch {
            return error as? OTPSettingsError
        }
    }

    @Test(arguments: ["OTP_SMS_ENDPOINT", "OTP_STS_ENDPOINT"], Self.others)
    func plaintextToAnotherMachineRequiresPermission(variable: String, url: String) async throws {
        for refusing in ["", "false", "False"] {
            let failure = try #require(await Self.failure([variable: url, Self.name: refusing]))
            #expect(failure.description.contains(variable) && failure.description.contains("\(Self.name)=true"))
        }
        try await Self.open([variable: url, Self.name: "true"])
        try await Self.open([variable: url, Self.name: "TRUE"])
    }

    @Test(arguments: ["OTP_SMS_ENDPOINT", "OTP_STS_ENDPOINT"])
    func otherEndpointErrorsHaveTheirOwnReason(variable: String) async throws {
        for url in ["ftp://emulator", "http://", "http://emulator/path", "https://user@emulator"] {
            for allows in ["true", "false"] {
                let failure = try #require(await Self.failure([variable: url, Self.name: allows]))
                #expect(failure.description.contains(variable) && !failure.description.contains(Self.name), "\(url)")
            }
        }
        try await Self.open([variable: "http://127.0.0.1:8026"])
        try await Self.open([variable: "https://gateway.test"])
    }

    @Test(arguments: ["1", "yes", "on", " true"])
    func permissionMustBeTrueOrFalse(value: String) async throws {
        let failure = try #require(await Self.failure([Self.name: value]))
        #expect(failure.description.contains(Self.name) && !failure.description.contains("\"\(value)\""))
    }

    /// The address 0.0.0.0 is not a loopback address, so it counts as another machine, although it reaches this machine.
    @Test func emulatorOnAnotherMachineIsReachable() async throws {
        try await Demo.run { demo in
            let loopback = try #require(demo.environment["OTP_SMS_ENDPOINT"])
            let other = loopback.replacing("127.0.0.1", with: "0.0.0.0")
            let refused = try await demo.otp("issue", "+6591234567", changing: ["OTP_SMS_ENDPOINT": other])
            #expect(refused.status == 78 && refused.errors.contains(Self.name), "\(refused)")
            let allowed = ["OTP_SMS_ENDPOINT": other, Self.name: "true"] as [String: String?]
            let sent = try await demo.otp("issue", "+6591234567", changing: allowed)
            #expect(sent.status == 0, "\(sent)")

            _ = try await withFolder { folder in
                let place = try CredentialTests.place("OIDC role", at: other, in: folder)
                let settings = place.merging(CredentialTests.noKey) { $1 }
                let refused = try await demo.otp("issue", "+6591234568", changing: settings)
                #expect(refused.status == 78 && refused.errors.contains("OTP_STS_ENDPOINT"), "\(refused)")
                let role = try await demo.otp("issue", "+6591234568", changing: settings.merging(allowed) { $1 })
                #expect(role.status == 0, "\(role)")
            }
        }
    }

    @Test(arguments: [
        "https://dysmsapi.ap-southeast-1.aliyuncs.com", "http://emulator:8026", "http://127.0.0.1.evil.test",
        "http://localhost.evil.test:8026", "http://127.1:8026", "http://0.0.0.0:8026", "http://[2001:db8::1]",
    ])
    func inboxTokenIsNotSentToTheGateway(url: String) throws {
        let token = ["OTP_INBOX_TOKEN": "correct-horse-battery"]
        let implied = OTPSettings(environment: token.merging(["OTP_SMS_ENDPOINT": url]) { $1 })
        #expect(try implied.inboxURL() == url)
        #expect(try implied.inboxToken(for: url) == nil)
        let named = OTPSettings(environment: token.merging(["OTP_INBOX_URL": url]) { $1 })
        #expect(try named.inboxToken(for: url) != nil)
        let option = try SettingsLayers(options: [.inboxURL: url], environment: token).settings
        #expect(try option.inboxToken(for: url) != nil)
    }

    @Test(arguments: ["http://127.0.0.1:8026", "http://127.9.9.9", "http://LOCALHOST:1", "http://[::1]:8026"])
    func inboxTokenIsSentToLoopback(url: String) throws {
        let settings = OTPSettings(environment: [
            "OTP_INBOX_TOKEN": "correct-horse-battery", "OTP_SMS_ENDPOINT": url,
        ])
        #expect(try settings.inboxToken(for: url) != nil)
        #expect(try OTPSettings(environment: ["OTP_SMS_ENDPOINT": url]).inboxToken(for: url) == nil)
    }
}
