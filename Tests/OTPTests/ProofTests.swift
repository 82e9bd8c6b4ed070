// SPDX-License-Identifier: Apache-2.0

import OTP
import OTPTesting
import SMSKit
import Testing

@Suite struct ProofTests {
    private func proof(_ fixture: Fixture) async throws -> VerificationProof {
        let (token, code) = try await fixture.issue()
        return try await fixture.otp.verify(code, for: Fixture.number, token: token, purpose: .registration)
    }

    private func redeem(
        _ fixture: Fixture,
        _ token: String,
        _ number: PhoneNumber = Fixture.number,
        _ purpose: OTPPurpose = .registration
    ) async -> OTPError.Code? {
        do throws(OTPError) {
            try await fixture.otp.redeem(token, for: number, purpose: purpose)
            return nil
        } catch {
            return error.code
        }
    }

    @Test func proofIsRedeemedOnce() async throws {
        let fixture = try Fixture()
        let proof = try await self.proof(fixture)
        #expect(await self.redeem(fixture, proof.token) == nil)
        #expect(await self.redeem(fixture, proof.token) == .invalidProof)
    }

    @Test(arguments: [" ", "\n", "\r\n", " \t\n"])
    func whitespaceAfterAProofIsIgnored(blank: String) async throws {
        let fixture = try Fixture()
        let proof = try await self.proof(fixture)
        #expect(await self.redeem(fixture, blank + proof.token) == .invalidProof)
        #expect(await self.redeem(fixture, proof.token + blank) == nil)
        // The same proof has already been redeemed.
        #expect(await self.redeem(fixture, proof.token) == .invalidProof)
    }

    @Test func proofForAnotherFieldIsRefused() async throws {
        let fixture = try Fixture()
        let proof = try await self.proof(fixture)
        let tenant = try Fixture(store: fixture.store, tenant: "other")
        await #expect(throws: OTPError.self) {
            try await fixture.otp.redeem(proof.token, for: Fixture.number, purpose: .registration, context: ["1"])
        }
        #expect(await self.redeem(fixture, proof.token, Fixture.otherNumber) == .invalidProof)
        #expect(await self.redeem(fixture, proof.token, Fixture.number, .signIn) == .invalidProof)
        #expect(await self.redeem(tenant, proof.token) == .invalidProof)
        for position in proof.token.indices.dropFirst(3) {
            var text = proof.token
            let character = text[position] == "A" ? "B" : "A"
            text.replaceSubrange(position...position, with: character)
            #expect(await self.redeem(fixture, text) == .invalidProof)
        }
        #expect(await self.redeem(fixture, proof.token) == nil)
    }

    @Test func proofIsRedeemedByItsAudienceOnly() async throws {
        let payments = try #require(ProofAudience(rawValue: "payments"))
        let verifier = try Fixture()
        // Each service has a separate store, so that it does not know the redemptions of the others.
        let redeemers = try ["payments", "Payments", "payments2", "https://example.com/payments", "default"]
            .map { try Fixture(audience: try #require(ProofAudience(rawValue: $0))) }
        let (token, code) = try await verifier.issue()
        let proof = try await verifier.otp.verify(
            code,
            for: Fixture.number,
            token: token,
            purpose: .registration,
            audience: payments
        )
        #expect(proof.audience == payments)
        var results: [OTPError.Code?] = []
        for redeemer in redeemers + redeemers { results.append(await self.redeem(redeemer, proof.token)) }
        #expect(results.count { $0 == nil } == 1)
        #expect(results.first == .some(nil))
        #expect(await self.redeem(verifier, proof.token) == .invalidProof)
    }

    @Test func proofIsForTheServiceThatVerifiedUnlessItNamesAnother() async throws {
        let shop = try #require(ProofAudience(rawValue: "shop"))
        let fixture = try Fixture(audience: shop)
        let other = try Fixture()
        let proof = try await self.proof(fixture)
        #expect(proof.audience == shop)
        #expect(await self.redeem(other, proof.token) == .invalidProof)
        #expect(await self.redeem(fixture, proof.token) == nil)

        _ = try await fixture.otp.issueTokenless(for: Fixture.otherNumber, purpose: .signIn)
        let code = try #require(fixture.sms.lastCode(to: Fixture.otherNumber))
        let tokenless = try await fixture.otp.verifyTokenless(
            code,
            for: Fixture.otherNumber,
            purpose: .signIn,
            audience: .default
        )
        #expect(await self.redeem(fixture, tokenless.token, Fixture.otherNumber, .signIn) == .invalidProof)
        #expect(await self.redeem(other, tokenless.token, Fixture.otherNumber, .signIn) == nil)
    }

    @Test(arguments: ["", " ", "two words", "tab\t", "Zürich", "null\0", String(repeating: "a", count: 129)])
    func nameThatIsNoAudienceIsRefused(name: String) {
        #expect(ProofAudience(rawValue: name) == nil)
    }

    @Test func audienceAndTenantAreSeparateFields() async throws {
        // Tenant and audience consist of the same bytes, but the boundary between them differs.
        let first = try Fixture(tenant: "ab", audience: try #require(ProofAudience(rawValue: "c")))
        let second = try Fixture(tenant: "a", audience: try #require(ProofAudience(rawValue: "bc")))
        let proof = try await self.proof(first)
        #expect(await self.redeem(second, proof.token) == .invalidProof)
    }

    @Test func lateProofIsRefused() async throws {
        let fixture = try Fixture()
        let proof = try await self.proof(fixture)
        fixture.clock.advance(by: .seconds(600))
        #expect(await self.redeem(fixture, proof.token) == .invalidProof)
    }

    @Test func ofManyConcurrentRedemptionsOneSucceeds() async throws {
        let fixture = try Fixture()
        let proof = try await self.proof(fixture)
        let results = await withTaskGroup(of: OTPError.Code?.self) { group in
            for _ in 0..<100 { group.addTask { await self.redeem(fixture, proof.token) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.count { $0 == nil } == 1)
    }
}
