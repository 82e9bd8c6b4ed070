// SPDX-License-Identifier: Apache-2.0

import OTP
import OTPTesting
import SMSKit
import Synchronization
import Testing

extension Conformance {
    /// Rows of the conformance table about the values to which a code is bound.
    @Suite struct BindingRows {
        @Test(
            "CT-12: an entered code is compared only with the code of the challenge to which the token belongs",
            arguments: Trial.onStoresAndDoors
        )
        func ct12(trial: Trial) async throws {
            try await trial.run(
                mutant: "a service that compares an entered code with the code of every challenge of the number",
                fails: "the code of one challenge fails for another one",
                "the other challenge keeps its attempts"
            ) { findings in
                try await trial.withPlace { place in
                    let service = try await place.service()
                    let first = try await service.issue()
                    try place.pass(60)
                    let second = try await service.issue()
                    func attempt(_ code: String, _ token: ChallengeToken) async -> OTPError? {
                        let error = await service.attempt(code, token)
                        guard trial.isMutant, error != nil else { return error }
                        return await service.attempt(code, token == first.token ? second.token : first.token)
                    }
                    guard first.code != second.code else { return }
                    let swapped = await attempt(first.code, second.token)
                    findings.expect("the code of one challenge fails for another one", swapped?.code == .incorrectCode)
                    let status = try await service.door.status(for: Service.number, token: second.token)
                    findings.expect("the addressed challenge loses an attempt", status.attemptsRemaining == 4)
                    let other = try? await service.door.status(for: Service.number, token: first.token)
                    findings.expect(
                        "the other challenge keeps its attempts",
                        other?.attemptsRemaining == 5,
                        other as Any
                    )
                }
            }
        }

        @Test(
            "CT-13: a code is accepted only for its own tenant, purpose, number, challenge and context",
            arguments: Trial.onStoresAndDoors
        )
        func ct13(trial: Trial) async throws {
            try await trial.run(
                mutant: "a service that binds every code to the same purpose",
                fails: "another purpose fails"
            ) { findings in
                try await trial.withPlace { place in
                    func purpose(_ purpose: OTPPurpose) -> OTPPurpose { trial.isMutant ? .signIn : purpose }
                    let service = try await place.service()
                    let tenant = try await place.service { $0.tenant = "other" }
                    let context = ["10 SGD", "Ann"]
                    let sent = try await service.issue(purpose: purpose(.passwordReset), context: context)
                    let (code, token, own) = (sent.code, sent.token, purpose(.passwordReset))
                    let invented = try ChallengeToken.invented()
                    let attempts = [
                        ("another tenant fails", tenant, Service.number, token, context),
                        ("another number fails", service, Service.otherNumber, token, context),
                        ("another challenge fails", service, Service.number, invented, context),
                        ("another context fails", service, Service.number, token, ["99 SGD"]),
                    ]
                    for (name, service, number, token, context) in attempts {
                        let error = await service.attempt(code, token, for: number, purpose: own, context: context)
                        findings.expect(name, error?.code == .expired)
                    }
                    let other = await service.attempt(code, token, purpose: purpose(.registration), context: context)
                    findings.expect("another purpose fails", other?.code == .expired)
                    guard !trial.isMutant else { return }
                    let status = try await service.door.status(for: Service.number, token: token)
                    findings.expect("no attempt is counted", status.attemptsRemaining == 5)
                    let right = await service.attempt(code, token, purpose: own, context: context)
                    findings.expect("the right values verify", right == nil, right as Any)
                }
            }
        }

        @Test(
            "CT-16: despite a stranger's wrong codes, the owner of a number can verify a code that was sent before the lockout",
            arguments: Trial.onStoresAndDoors
        )
        func ct16(trial: Trial) async throws {
            try await trial.run(
                mutant: "a store that also counts wrong codes that were entered with an unknown token",
                fails: "attempts with invented tokens do not lock the owner out",
                "the owner verifies during the lockout"
            ) { findings in
                try await trial.withPlace { place in
                    let service = try await place.service(on: Self.countingAll(place))
                    let owner = try await service.issue()
                    let invented = try ChallengeToken.invented()
                    for step in 1...20 { _ = await service.attempt(wrong(owner.code, by: step), invented) }
                    let first = await service.attempt(wrong(owner.code), owner.token)
                    let isOpen = first?.attemptsRemaining == 4
                    findings.expect("attempts with invented tokens do not lock the owner out", isOpen, first as Any)
                    let number = Service.otherNumber
                    let victim = try await service.issue(for: number)
                    _ = await service.attempt(wrong(victim.code), invented, for: number)
                    for wait in [60, 120] {
                        try place.pass(wait)
                        let stranger = try await service.issue(for: number)
                        _ = await service.guess(5, against: stranger, for: number)
                    }
                    let locked = await service.issueError(for: number)
                    findings.expect("the stranger has locked the number", locked?.code == .locked, locked as Any)
                    let error = await service.attempt(victim.code, victim.token, for: number)
                    findings.expect(
                        "the owner verifies during the lockout",
                        error == nil,
                        error as Any
                    )
                }
            }
        }

        /// Returns the store of a trial, or a faulty store (a mutant) that locks a number after ten attempts of any kind.
        private static func countingAll(_ place: StorePlace) -> any ServiceStore {
            let counts = Mutex<[PhoneNumberIndex: Int]>([:])
            return place.altered { changes in
                changes.verify = { attempt, step, base in
                    let decision = try await base.verify(attempt, step)
                    let index = step.number.current
                    let count = counts.withLock { counts in
                        if case .matched = decision { return counts[index, default: 0] }
                        counts[index, default: 0] += 1
                        return counts[index, default: 0]
                    }
                    guard count > 10, let time = try await base.currentTime() else { return decision }
                    let limit = Refusal.Limit.failures(WindowLimit(10, per: .seconds(3600)))
                    return .locked(Refusal(limit, retryAfter: .seconds(3600)), at: time)
                }
            }
        }

        @Test(
            "T17: a stranger's calls of `issue`, `resend` and `cancel` do not invalidate the code of the number's owner",
            arguments: Trial.onStoresAndDoors
        )
        func t17(trial: Trial) async throws {
            try await trial.run(
                mutant: "a store in which a new challenge of a number replaces the earlier challenge",
                fails: "the owner's code verifies"
            ) { findings in
                try await trial.withPlace { place in
                    let latest = Mutex<[PhoneNumberIndex: ChallengeID]>([:])
                    let store = place.altered { changes in
                        changes.issue = { code, step, base in
                            let earlier = latest.withLock {
                                $0.updateValue(step.challenge.id, forKey: step.number.current)
                            }
                            if let earlier { _ = try await base.cancel(earlier, for: step.number, limits: step.limits) }
                            return try await base.issue(code, step)
                        }
                    }
                    let service = try await place.service(on: store)
                    let owner = try await service.issue()
                    try place.pass(60)
                    let stranger = try await service.issue()
                    try place.pass(120)
                    _ = try await service.door.resend(for: Service.number, token: stranger.token, purpose: .signIn)
                    try await service.door.cancel(for: Service.number, token: stranger.token)
                    let invented = await Service.error { () async throws(OTPError) in
                        try await service.door.cancel(for: Service.number, token: .invented())
                    }
                    findings.expect("an invented token cancels nothing", invented?.code == .expired)
                    let error = await service.attempt(owner.code, owner.token)
                    findings.expect("the owner's code verifies", error == nil, error as Any)
                }
            }
        }

        @Test(
            "T18: a resend with a new code invalidates the earlier code, and a token is valid only for its own purpose",
            arguments: Trial.onStoresAndDoors
        )
        func t18(trial: Trial) async throws {
            try await trial.run(
                mutant: "a store that keeps the earlier code of a challenge valid after a resend",
                fails: "the earlier code fails"
            ) { findings in
                try await trial.withPlace { place in
                    let service = try await place.service(on: Self.keepingCodes(place)) { $0.policy.resend = .renew }
                    let first = try await service.issue()
                    try place.pass(60)
                    _ = try await service.door.resend(for: Service.number, token: first.token, purpose: .signIn)
                    let renewed = try #require(service.sms.lastCode(to: Service.number))
                    guard renewed != first.code else { return }
                    let early = await service.attempt(first.code, first.token)
                    findings.expect("the earlier code fails", early?.code == .incorrectCode, early as Any)
                    let other = await service.attempt(renewed, first.token, purpose: .registration)
                    findings.expect("the token fails for another purpose", other?.code == .expired, other as Any)
                    guard !trial.isMutant else { return }
                    let error = await service.attempt(renewed, first.token)
                    findings.expect("the new code verifies", error == nil, error as Any)
                }
            }
        }

        /// Returns the store of a trial, or a faulty store (a mutant) that also accepts codes that a resend has replaced.
        private static func keepingCodes(_ place: StorePlace) -> any ServiceStore {
            let codes = Mutex<Set<[UInt8]>>([])
            return place.altered { changes in
                changes.issue = { code, step, base in
                    codes.withLock { _ = $0.insert(code.authenticator) }
                    return try await base.issue(code, step)
                }
                changes.verify = { attempt, step, base in
                    let isKept = attempt.candidates.contains { candidate in
                        codes.withLock { $0.contains(candidate.authenticator) }
                    }
                    guard isKept, let time = try await base.currentTime() else {
                        return try await base.verify(attempt, step)
                    }
                    return .matched(at: time)
                }
            }
        }
    }
}
