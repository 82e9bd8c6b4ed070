import OTP
import OTPTesting
import SMS
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

    @Test func anyOtherFieldIsRefused() async throws {
        let fixture = try Fixture()
        let proof = try await self.proof(fixture)
        let tenant = try Fixture(store: fixture.store, tenant: "other")
        await #expect(throws: OTPError.self) {
            try await fixture.otp.redeem(proof.token, for: Fixture.number, purpose: .registration, context: [1])
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
