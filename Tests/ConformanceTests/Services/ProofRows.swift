// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTP
import SMSKit
import SendGuard
import Testing

extension Conformance {
    /// Rows of the conformance table about the proofs of verifications.
    @Suite struct ProofRows {
        @Test("T9: a proof is valid only for its number, purpose and tenant", arguments: Trial.onStoresAndDoors)
        func t9(trial: Trial) async throws {
            try await trial.run(
                mutant: "an application that redeems a proof for the number and purpose that the proof itself contains",
                fails: "a proof fails for another number",
                "a proof fails for another purpose"
            ) { findings in
                try await trial.withPlace { place in
                    let service = try await place.service()
                    let tenant = try await place.service { $0.tenant = "other" }
                    let proof = try await service.proof(of: try await service.issue())
                    let otherTenant = await Self.error(trial, proof, tenant)
                    findings.expect("a proof fails for another tenant", otherTenant?.code == .invalidProof)
                    let otherNumber = await Self.error(trial, proof, service, Service.otherNumber)
                    findings.expect("a proof fails for another number", otherNumber?.code == .invalidProof)
                    try place.pass(60)
                    let next = try await service.proof(of: try await service.issue())
                    let otherPurpose = await Self.error(trial, next, service, Service.number, .registration)
                    findings.expect("a proof fails for another purpose", otherPurpose?.code == .invalidProof)
                    guard !trial.isMutant else { return }
                    let own = await Self.error(trial, next, service)
                    findings.expect("a proof can be redeemed for its own values", own == nil, own as Any)
                }
            }
        }

        /// Redeems a proof, and returns the error.
        ///
        /// The proof is redeemed for the given number and purpose. The mutant (the faulty variant) uses the number and the
        /// purpose in the proof instead.
        private static func error(
            _ trial: Trial,
            _ proof: VerificationProof,
            _ service: Service,
            _ number: PhoneNumber = Service.number,
            _ purpose: OTPPurpose = .signIn
        ) async -> OTPError? {
            await Service.error { () async throws(OTPError) in
                try await service.otp.redeem(
                    proof.token,
                    for: trial.isMutant ? proof.phoneNumber : number,
                    purpose: trial.isMutant ? proof.purpose : purpose
                )
            }
        }

        @Test(
            "T10: an action that requires a proof accepts only valid proofs, and each proof only once",
            arguments: Trial.onStoresAndDoors
        )
        func t10(trial: Trial) async throws {
            try await trial.run(
                mutant: "an application that compares the number and purpose in a proof, but does not redeem the proof",
                fails: "an invented proof is refused",
                "an altered proof is refused",
                "a used proof is refused"
            ) { findings in
                try await trial.withPlace { place in
                    let service = try await place.service()
                    func accepts(_ proof: VerificationProof) async -> Bool {
                        if trial.isMutant { return proof.phoneNumber == Service.number && proof.purpose == .signIn }
                        return await Service.error { () async throws(OTPError) in
                            try await service.otp.redeem(proof.token, for: Service.number, purpose: .signIn)
                        } == nil
                    }
                    func claimed(_ token: String) -> VerificationProof {
                        VerificationProof(
                            phoneNumber: Service.number,
                            purpose: .signIn,
                            expiresAt: .distantFuture,
                            token: token
                        )
                    }
                    let proof = try await service.proof(of: try await service.issue())
                    let invented = await accepts(claimed("verified"))
                    findings.expect("an invented proof is refused", !invented)
                    let altered = String(proof.token.dropLast(4)) + (proof.token.hasSuffix("AAAA") ? "BBBB" : "AAAA")
                    let isAlteredAccepted = await accepts(claimed(altered))
                    findings.expect("an altered proof is refused", !isAlteredAccepted)
                    let (isFirst, isSecond) = (await accepts(proof), await accepts(proof))
                    findings.expect("the proof is accepted", isFirst)
                    findings.expect("a used proof is refused", !isSecond)
                }
            }
        }
    }
}
