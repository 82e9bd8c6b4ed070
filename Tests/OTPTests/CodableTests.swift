// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTPTesting
import SMSKit
import Testing

@testable import OTP

/// Tests of the encoded form of values that are sent to other processes.
@Suite struct CodableTests {
    private func expectRoundTrip<Value: Codable & Equatable>(_ value: Value) throws {
        let data = try JSONEncoder().encode([value])
        #expect(try JSONDecoder().decode([Value].self, from: data) == [value])
    }

    private func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    @Test func challengesAndProofsSurviveARoundTrip() async throws {
        let fixture = try Fixture()
        let challenge = try await fixture.otp.issue(for: Fixture.number, purpose: .registration)
        try self.expectRoundTrip(challenge)
        try self.expectRoundTrip(try await fixture.otp.issueTokenless(for: Fixture.otherNumber, purpose: .signIn))
        try self.expectRoundTrip(try await fixture.otp.status(for: Fixture.number, token: challenge.token))
        let proof = try await fixture.otp.verify(
            try #require(fixture.sms.lastCode(to: Fixture.number)),
            for: Fixture.number,
            token: challenge.token,
            purpose: .registration
        )
        try self.expectRoundTrip(proof)
        // The decoded token and the decoded proof work like the originals.
        let decoded = try JSONDecoder().decode(VerificationProof.self, from: try JSONEncoder().encode(proof))
        try await fixture.otp.redeem(decoded.token, for: decoded.phoneNumber, purpose: decoded.purpose)
    }

    @Test func valuesWithoutADeliveryOrAResendSurviveARoundTrip() throws {
        let token = ChallengeToken(id: Array(0..<16), secret: Array(16..<32))
        try self.expectRoundTrip(
            Challenge(
                token: token,
                expiresAt: Date(timeIntervalSince1970: 1),
                resendAllowedAt: nil,
                attemptsRemaining: 5,
                delivery: .unknown
            )
        )
    }

    @Test func namesAreEncodedAsText() throws {
        #expect(try self.json([OTPPurpose.signIn]) == #"["sign-in"]"#)
        #expect(try self.json([ProofAudience.default]) == #"["default"]"#)
        #expect(try self.json([MessageLocale.simplifiedChinese]) == #"["zh-Hans"]"#)
        #expect(try self.json([OTPPolicy.ResendPolicy.renew]) == #"["renew"]"#)
        #expect(try self.json(CodeFormat.alphanumeric(8)) == #"{"length":8,"symbols":"alphanumeric"}"#)
        #expect(try self.json(WindowLimit(5, per: .milliseconds(1500))) == #"{"count":5,"window":1.5}"#)
        #expect(try self.json(Challenge.Delivery.accepted(messageID: "m")) == #"{"messageID":"m","status":"accepted"}"#)
        #expect(try self.json(Challenge.Delivery.unknown) == #"{"status":"unknown"}"#)
        let token = ChallengeToken(id: Array(0..<16), secret: Array(16..<32))
        #expect(try self.json([token]) == "[\"\(token.text)\"]")
    }

    @Test(arguments: MessageLocale.all) func everyLanguageSurvivesARoundTrip(locale: MessageLocale) throws {
        try self.expectRoundTrip(locale)
    }

    @Test func policySurvivesARoundTrip() throws {
        var policy = OTPPolicy(destinations: [.singapore, .unitedKingdom])
        try self.expectRoundTrip(policy)
        policy.format = .alphanumeric(7)
        policy.strict20 = true
        policy.resend = .renew
        policy.kinds = [.mobile, .fixedLine]
        policy.profile = .test
        policy.testNumbers = [
            TestNumber(Fixture.number, code: "ABCDEFG", until: Date(timeIntervalSince1970: 1_800_000_000))
        ]
        policy.proofLifetime = .seconds(99)
        policy.sendTimeout = .milliseconds(1234)
        policy.maximumOverdueSends = 7
        policy.maximumPendingSends = 8
        policy.deviceLane = DeviceLane()
        policy.deviceTokenLifetime = .seconds(86_400)
        policy.limits.lifetime = .milliseconds(123_456)
        policy.limits.attemptsPerCode = 3
        policy.limits.attemptsPerChallenge = 4
        policy.limits.sendsPerChallenge = 2
        policy.limits.cooldown = [.milliseconds(1), .seconds(86_400 * 400)]
        policy.limits.refusedCooldown = [.seconds(9)]
        policy.limits.cooldownReset = .seconds(700)
        policy.limits.sends = [WindowLimit(1, per: .seconds(2))]
        policy.limits.failures = [WindowLimit(3, per: .seconds(4))]
        policy.limits.consecutiveFailures = 50
        policy.limits.consecutiveFailuresRetention = .seconds(86_400 * 31)
        try self.expectRoundTrip(policy)
        // Each setting is part of the encoded form, so policies that differ in one setting have different encoded forms.
        let text = try self.json(policy)
        #expect(try self.json(OTPPolicy(destinations: [.singapore])) != text)
        for child in Array(Mirror(reflecting: policy).children) + Array(Mirror(reflecting: policy.limits).children) {
            #expect(text.contains("\"\(child.label ?? "")\":"), "\(child.label ?? "") is not encoded")
        }
    }

    @Test func missingSettingsOfAPolicyHaveTheirDefaults() throws {
        let policy = try JSONDecoder().decode(OTPPolicy.self, from: Data(#"{"destinations":["SG"],"limits":{}}"#.utf8))
        #expect(policy == OTPPolicy(destinations: [.singapore]))
    }

    @Test(arguments: [
        #"{}"#, #"{"destinations":["UK"]}"#, #"{"destinations":["SG"],"kinds":["fax"]}"#,
        #"{"destinations":["SG"],"resend":"never"}"#, #"{"destinations":["SG"],"sendTimeout":1e300}"#,
        #"{"destinations":["SG"],"sendTimeout":"10 s"}"#,
        #"{"destinations":["SG"],"format":{"symbols":"runes","length":6}}"#,
        #"{"destinations":["SG"],"limits":{"lifetime":-1e12}}"#,
    ])
    func malformedPolicyIsRefused(text: String) {
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(OTPPolicy.self, from: Data(text.utf8)) }
    }

    @Test func decodedPolicyIsNotTrustedUntilItIsValidated() throws {
        let text = #"{"destinations":["SG"],"format":{"symbols":"digits","length":9000000000}}"#
        let policy = try JSONDecoder().decode(OTPPolicy.self, from: Data(text.utf8))
        #expect(throws: OTPConfigurationError.self) { try policy.validate() }
        #expect(policy.format.space > 0)
    }

    @Test func malformedNamesAreRefused() {
        let decoder = JSONDecoder()
        func expectError<Value: Decodable>(_ type: Value.Type, _ text: String) {
            let error = #expect(throws: DecodingError.self) { try decoder.decode([Value].self, from: Data(text.utf8)) }
            #expect("\(String(describing: error))".contains("v1.") == false, "an error quotes a token")
        }
        expectError(ChallengeToken.self, #"["v1.AAEC"]"#)
        expectError(OTPPurpose.self, #"["Sign In"]"#)
        expectError(ProofAudience.self, #"[""]"#)
        expectError(MessageLocale.self, #"["e"]"#)
    }
}
