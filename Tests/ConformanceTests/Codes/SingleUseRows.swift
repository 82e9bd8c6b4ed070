// SPDX-License-Identifier: Apache-2.0

import OTP
import SMSKit
import SendGuard
import Synchronization
import Testing

extension Conformance {
    /// Rows of the conformance table about codes that can be verified only once.
    @Suite struct SingleUseRows {
        /// Returns the store of a trial, or a faulty store (a mutant) in which a code matches again after it was used.
        private static func acceptingAgain(_ place: StorePlace) -> any ServiceStore {
            let matches = Mutex<Set<Attempt>>([])
            return place.altered { changes in
                changes.verify = { attempt, step, base in
                    let decision = try await base.verify(attempt, step)
                    if case .matched = decision { matches.withLock { _ = $0.insert(attempt) } }
                    guard case .absent(let time) = decision, matches.withLock({ $0.contains(attempt) }) else {
                        return decision
                    }
                    return .matched(at: time)
                }
            }
        }

        @Test("CT-04: a code is accepted only once", arguments: Trial.onStoresAndDoors)
        func ct04(trial: Trial) async throws {
            try await trial.run(
                mutant: "a store that does not delete the challenge after an attempt with the right code",
                fails: "a second attempt with the code fails"
            ) { findings in
                try await trial.withPlace { place in
                    let service = try await place.service(on: Self.acceptingAgain(place))
                    let sent = try await service.issue()
                    let first = await service.attempt(sent.code, sent.token)
                    findings.expect("the code verifies", first == nil, first as Any)
                    let second = await service.attempt(sent.code, sent.token)
                    findings.expect("a second attempt with the code fails", second?.code == .expired, second as Any)
                }
            }
        }

        /// Verifies a code in many concurrent tasks, and returns the number of successes.
        private static func race(_ place: StorePlace, _ services: [Service], _ sent: Service.Sent) async -> Int {
            let callers = place.kind.callers(200)
            place.rendezvous.expect(callers)
            return await withTaskGroup(of: Bool.self) { group in
                for caller in 0..<callers {
                    let service = services[caller % services.count]
                    group.addTask { await service.attempt(sent.code, sent.token) == nil }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
        }

        @Test(
            "CT-05: of 200 concurrent attempts with the right code, exactly one succeeds",
            arguments: Trial.onStoresAndDoors
        )
        func ct05(trial: Trial) async throws {
            try await trial.run(
                mutant: "a store that compares the code and deletes the challenge in separate operations",
                fails: "exactly one attempt succeeds"
            ) { findings in
                try await trial.withPlace { place in
                    let service = try await place.service(on: place.split())
                    let sent = try await service.issue()
                    let successes = await Self.race(place, [service], sent)
                    findings.expect("exactly one attempt succeeds", successes == 1, successes)
                }
            }
        }

        @Test(
            "T2: after 200 concurrent attempts with the right code, the next attempt fails as if the token were unknown",
            arguments: Trial.onStoresAndDoors
        )
        func t2(trial: Trial) async throws {
            try await trial.run(
                mutant: "a store that accepts a right code again after its verification",
                fails: "exactly one attempt succeeds",
                "the next attempt is refused like an unknown code"
            ) { findings in
                try await trial.withPlace { place in
                    let service = try await place.service(on: Self.acceptingAgain(place))
                    let sent = try await service.issue()
                    let successes = await Self.race(place, [service], sent)
                    findings.expect("exactly one attempt succeeds", successes == 1, successes)
                    let next = await service.attempt(sent.code, sent.token)
                    let unknown = try await service.attempt(sent.code, .invented())
                    findings.expect(
                        "the next attempt is refused like an unknown code",
                        next?.description == unknown?.description,
                        next as Any
                    )
                }
            }
        }

        @Test(
            "T4: after five wrong codes, the right code fails from every client address and in every process",
            arguments: Trial.onStoresAndDoors
        )
        func t4(trial: Trial) async throws {
            try await trial.run(
                mutant: "a store whose only limit on attempts is a window with a period shorter than the code lifetime",
                fails: "the right code fails after the window of failed attempts"
            ) { findings in
                try await trial.withPlace { place in
                    let store = place.altered {
                        $0.limits = { ($0.attemptsPerCode, $0.attemptsPerChallenge) = (31, 31) }
                    }
                    let service = try await place.service(on: store) {
                        $0.policy.limits.failures = [WindowLimit(5, per: .seconds(60))]
                    }
                    let sent = try await service.issue()
                    _ = await service.guess(5, against: sent)
                    func isRefused(_ error: OTPError?) -> Bool {
                        error?.code == .locked || error?.code == place.kind.exhausted
                    }
                    for host in 1...5 {
                        let client = ClientInfo(source: .init("192.0.2.\(host)"))
                        let error = await service.attempt(sent.code, sent.token, client: client)
                        findings.expect("the right code fails from other addresses", isRefused(error), error as Any)
                    }
                    let other = try await place.service(on: store) {
                        $0.policy.limits.failures = [WindowLimit(5, per: .seconds(60))]
                    }
                    let elsewhere = await other.attempt(sent.code, sent.token)
                    findings.expect("the right code fails in another process", isRefused(elsewhere), elsewhere as Any)
                    try place.pass(61)
                    let later = await service.attempt(sent.code, sent.token)
                    findings.expect(
                        "the right code fails after the window of failed attempts",
                        later?.code == place.kind.exhausted,
                        later as Any
                    )
                }
            }
        }
    }
}

extension ChallengeToken {
    /// Returns a token that belongs to no challenge.
    static func invented() throws(OTPError) -> ChallengeToken {
        try ChallengeToken("v1." + String(repeating: "A", count: 43))
    }
}
