// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTPTesting
import SMSKit
import Testing
import TextFormats

@testable import OTP

/// Tests of the creation, the phone number and the lifetime of device tokens.
@Suite struct DeviceTokenTests {
    private static func laneOn(_ policy: inout OTPPolicy) { policy.deviceLane = DeviceLane() }

    /// Verifies a number, waits for the end of the cooldown, and returns the device token.
    private static func token(in fixture: Fixture, for number: PhoneNumber = Fixture.number) async throws -> DeviceToken
    {
        let (token, code) = try await fixture.issue(for: number)
        let proof = try await fixture.otp.verify(code, for: number, token: token, purpose: .registration)
        fixture.clock.advance(by: .seconds(3600))
        return fixture.otp.deviceToken(for: proof)
    }

    /// Returns whether a service applies the limits for known devices to a challenge with the token.
    private static func isKnown(
        _ token: DeviceToken,
        in fixture: Fixture,
        for number: PhoneNumber = Fixture.number
    ) async throws -> Bool {
        let client = ClientInfo(deviceToken: token)
        let challenge = try await fixture.otp.issue(for: number, purpose: .signIn, client: client)
        fixture.clock.advance(by: .seconds(86_400))
        return challenge.token.lane == .device
    }

    @Test func tokenOfAVerificationIsValidAsText() async throws {
        let fixture = try Fixture(policy: Self.laneOn)
        let token = try await Self.token(in: fixture)
        #expect(token.text.hasPrefix("d1.") && token.text.utf8.count <= 99)
        #expect(try await Self.isKnown(try DeviceToken(token.text + "\n"), in: fixture))
    }

    @Test func tokenOfAnotherNumberIsNoToken() async throws {
        let fixture = try Fixture(policy: Self.laneOn)
        let token = try await Self.token(in: fixture)
        #expect(try await Self.isKnown(token, in: fixture, for: Fixture.otherNumber) == false)
        #expect(try await Self.isKnown(token, in: fixture))
    }

    @Test func tokenOfAnotherTenantIsNoToken() async throws {
        let fixture = try Fixture(policy: Self.laneOn)
        let other = try Fixture(tenant: "other", policy: Self.laneOn)
        let token = try await Self.token(in: fixture)
        #expect(try await Self.isKnown(token, in: other) == false)
    }

    @Test func forgedTokenIsNoToken() async throws {
        let fixture = try Fixture(policy: Self.laneOn)
        let token = try await Self.token(in: fixture)
        let bytes = try #require(Base64URL.decode(token.text.dropFirst(3)))
        for position in bytes.indices {
            var forged = Array(bytes)
            forged[position] ^= 1
            let text = Base64URL.encode(forged, after: "d1.")
            #expect(try await Self.isKnown(try DeviceToken(text), in: fixture) == false, "byte \(position)")
        }
        let otherKeys = try Fixture(keys: Fixture.keys(code: ["k2"]), policy: Self.laneOn)
        #expect(try await Self.isKnown(token, in: otherKeys) == false)
    }

    @Test func proofAndChallengeTokenAreNoDeviceTokens() async throws {
        let fixture = try Fixture(policy: Self.laneOn)
        let (token, code) = try await fixture.issue()
        let proof = try await fixture.otp.verify(code, for: Fixture.number, token: token, purpose: .registration)
        for text in [token.text, proof.token, "", "d1.", "d2." + proof.token.dropFirst(3), "d1.AAAA"] {
            let error = #expect(throws: OTPError.self) { try DeviceToken(text) }
            #expect(error?.code == .invalidToken && error?.description.contains("AAAA") == false)
        }
        // The length of a device token, but the signature of a proof.
        #expect(throws: OTPError.self) { try DeviceToken("d1." + String(repeating: "A", count: 100_000)) }
    }

    @Test func lifetimeEndsByTheClockOfTheStore() async throws {
        // The clock of the store is years behind the clock of this host.
        let fixture = try Fixture { policy in
            policy.deviceLane = DeviceLane()
            policy.deviceTokenLifetime = .seconds(86_400)
        }
        let (token, code) = try await fixture.issue()
        let proof = try await fixture.otp.verify(code, for: Fixture.number, token: token, purpose: .registration)
        let device = fixture.otp.deviceToken(for: proof)
        fixture.clock.advance(by: .seconds(86_400) - .milliseconds(1))
        let client = ClientInfo(deviceToken: device)
        let before = try await fixture.otp.issue(for: Fixture.number, purpose: .signIn, client: client)
        #expect(before.token.lane == .device)
        fixture.clock.advance(by: .milliseconds(1))
        let after = await #expect(throws: OTPError.self) {
            try await fixture.otp.issue(for: Fixture.number, purpose: .signIn, client: client)
        }
        // The expired token is no error of its own.
        #expect(after?.limit == .cooldown || after?.limit?.name == .sends)
        fixture.clock.advance(by: .seconds(3600))
        let later = try await fixture.otp.issue(for: Fixture.number, purpose: .signIn, client: client)
        #expect(later.token.lane == .open)
    }

    @Test func tokenFromTheFutureIsUnknownUntilTheClockReachesIt() {
        let now = StoreTime(milliseconds: 1_700_000_000_000)
        let lifetime = Duration.seconds(86_400)
        func isCurrent(_ age: Duration) -> Bool {
            DeviceToken(keyID: "k", issuedAt: now + (.zero - age), signature: []).isCurrent(at: now, lifetime: lifetime)
        }
        #expect(isCurrent(.zero) && isCurrent(lifetime - .milliseconds(1)) && isCurrent(.seconds(-60)))
        #expect(!isCurrent(lifetime) && !isCurrent(.milliseconds(-60_001)))
    }

    @Test func storeWithoutATimeKnowsNoDevice() async throws {
        let fixture = try Fixture(policy: Self.laneOn)
        let token = try await Self.token(in: fixture)
        var policy = OTPPolicy(destinations: [.singapore])
        Self.laneOn(&policy)
        let otp = try OTPService(
            store: TimelessStore(base: fixture.store),
            proofs: fixture.store,
            sms: fixture.sms,
            keys: try Fixture.keys(),
            policy: policy,
            messages: try MessageTemplates(brand: "Acme")
        )
        let client = ClientInfo(deviceToken: token)
        #expect(try await otp.issue(for: Fixture.number, purpose: .signIn, client: client).token.lane == .open)
    }

    @Test func tokenOutlivesARotationUntilItsKeyIsRemoved() async throws {
        let token = try await Self.token(in: try Fixture(policy: Self.laneOn))
        for (keys, isKnown) in [(["k1"], true), (["k2", "k1"], true), (["k2"], false)] {
            let fixture = try Fixture(keys: Fixture.keys(code: keys), policy: Self.laneOn)
            #expect(try await Self.isKnown(token, in: fixture) == isKnown, "\(keys)")
        }
        let rotated = try Fixture(keys: Fixture.keys(code: ["k2", "k1"]), policy: Self.laneOn)
        #expect(try await Self.token(in: rotated).keyID == "k2")
    }

    /// The expected text was computed with another implementation of HKDF and HMAC.
    @Test func textIsStable() throws {
        let key = try #require(try Fixture.keys().codeKey("k1"))
        let time = StoreTime(milliseconds: 1_700_000_000_000)
        let token = key.deviceKey.token(for: Fixture.number, tenant: "default", issuedAt: time)
        #expect(token.text == "d1.AAABi8_laABputSUZTDJvibf8Zxlk0hPJECVlMW1D0bPiLJle3Uc-Gsx")
    }

    @Test func tokenIsNeverShown() async throws {
        let fixture = try Fixture(policy: Self.laneOn)
        let token = try await Self.token(in: fixture)
        var dumped = ""
        dump(token, to: &dumped)
        dump(ClientInfo(deviceToken: token), to: &dumped)
        for text in ["\(token)", String(reflecting: token), "\(ClientInfo(deviceToken: token))", dumped] {
            #expect(!text.contains(token.text.dropFirst(3).prefix(12)) && !text.contains("k1"), "\(text)")
        }
    }

    @Test func codableFormIsTheText() async throws {
        let fixture = try Fixture(policy: Self.laneOn)
        let token = try await Self.token(in: fixture)
        let json = try JSONEncoder().encode([token])
        #expect(String(decoding: json, as: UTF8.self) == "[\"\(token.text)\"]")
        #expect(try JSONDecoder().decode([DeviceToken].self, from: json) == [token])
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([DeviceToken].self, from: Data(#"["x"]"#.utf8)) }
    }

    @Test(arguments: [Double.infinity, -.infinity, .nan, 1e300, -1e300])
    func proofWithAnAbsurdExpiryIsNoTrap(seconds: Double) throws {
        let proof = VerificationProof(
            phoneNumber: Fixture.number,
            purpose: .signIn,
            expiresAt: Date(timeIntervalSince1970: seconds),
            token: ""
        )
        let token = try Fixture().otp.deviceToken(for: proof)
        #expect(try DeviceToken(token.text) == token)
    }
}

/// A store that does not know the time of its clock.
private struct TimelessStore: ForwardingStore {
    let base: InMemoryOTPStore
}
