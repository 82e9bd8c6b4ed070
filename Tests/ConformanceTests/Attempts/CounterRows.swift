// SPDX-License-Identifier: Apache-2.0

import OTP
import SMSKit
import Synchronization
import Testing

extension Conformance {
    /// Rows of the conformance table about counters that an attacker or a fault could reset.
    @Suite struct CounterRows {
        @Test(
            "CT-11: a resend does not restore attempts, and a right code does not remove failed attempts from the windows",
            arguments: Trial.onStoresAndDoors
        )
        func ct11(trial: Trial) async throws {
            try await trial.run(
                mutant: "a store that deletes the failed attempts of a number after a right code",
                fails: "failed attempts count on after a success"
            ) { findings in
                try await trial.withPlace { place in
                    let store = place.altered { changes in
                        changes.verify = { attempt, step, base in
                            let decision = try await base.verify(attempt, step)
                            if case .matched = decision { try await base.unlock(step.number, limits: step.limits) }
                            return decision
                        }
                    }
                    let service = try await place.service(on: store)
                    let sent = try await service.issue()
                    _ = await service.guess(3, against: sent)
                    try place.pass(60)
                    let challenge = try await service.door.resend(
                        for: Service.number,
                        token: sent.token,
                        purpose: .signIn
                    )
                    findings.expect("a resend restores no attempts", challenge.attemptsRemaining == 2)
                    try #require(await service.attempt(sent.code, sent.token) == nil)
                    var compared = 3
                    for _ in 0..<3 {
                        try place.pass(301)
                        guard let next = try? await service.issue() else { break }
                        compared += await service.guess(4, against: next)
                        _ = await service.attempt(next.code, next.token)
                    }
                    findings.expect("failed attempts count on after a success", compared <= 10, compared)
                }
            }
        }

        @Test(
            "T3: limits survive a restart, and the attempt of a cancelled request is counted",
            arguments: Trial.onStoresAndDoors
        )
        func t3(trial: Trial) async throws {
            try await trial.run(
                mutant: "a store that does not count the attempt of a cancelled request",
                fails: "an attempt of a cancelled request counts"
            ) { findings in
                try await trial.withPlace { place in
                    let (reached, reach) = AsyncStream<Void>.makeStream()
                    let (released, release) = AsyncStream<Void>.makeStream()
                    let (ended, end) = AsyncStream<Void>.makeStream()
                    // The HTTP service does not cancel a step when the client closes the connection.
                    let undoes: @Sendable () -> Bool = { trial.isMutant && (Task.isCancelled || trial.door == .http) }
                    let held = AlteredStore(place.store, .holding(reach, until: released, end, undoes: undoes))
                    let service = try await place.service()
                    let sent = try await service.issue()
                    let slow = try await place.service(on: held)
                    let task = Task { await slow.attempt(wrong(sent.code), sent.token) }
                    for await _ in reached {}
                    task.cancel()
                    release.finish()
                    _ = await task.value
                    // Over HTTP, the client does not wait for the response.
                    for await _ in ended {}
                    let restarted = try await place.service(on: place.replica)
                    let status = try await restarted.door.status(for: Service.number, token: sent.token)
                    findings.expect(
                        "an attempt of a cancelled request counts",
                        status.attemptsRemaining == 4,
                        status.attemptsRemaining
                    )
                    _ = await service.guess(4, against: sent)
                    let refused = await restarted.issueError()
                    findings.expect("the cooldown survives a restart", refused?.code == .rateLimited, refused as Any)
                    let guesses = await restarted.guess(5, against: sent)
                    findings.expect("attempts survive a restart", guesses <= 1, guesses)
                }
            }
        }

        @Test(
            "T5: a process that only verifies codes applies all limits on attempts, and codes expire after their lifetime",
            arguments: Trial.onStoresAndDoors
        )
        func t5(trial: Trial) async throws {
            try await trial.run(
                mutant: "a process that ignores the limits on failed attempts when it verifies codes",
                fails: "the limits hold in a process that never sends"
            ) { findings in
                try await trial.withPlace { place in
                    let sender = try await place.service { $0.policy.limits.lifetime = .seconds(600) }
                    let store = place.altered(place.replica) { changes in
                        changes.limits = { $0.failures = [WindowLimit(255, per: .seconds(86_400))] }
                    }
                    let verifier = try await place.service(on: store) { $0.policy.limits.lifetime = .seconds(600) }
                    var compared = 0
                    var sent: [Service.Sent] = []
                    for wait in [60, 120, 1] {
                        sent.append(try await sender.issue())
                        try place.pass(wait)
                    }
                    for challenge in sent { compared += await verifier.guess(5, against: challenge) }
                    // A code from before the lockout keeps one attempt.
                    findings.expect("the limits hold in a process that never sends", compared <= 11, compared)
                    let other = try await sender.issue(for: Service.otherNumber)
                    try place.pass(599)
                    let last = try await verifier.door.status(for: Service.otherNumber, token: other.token)
                    findings.expect("a code is valid one second before its expiry", last.attemptsRemaining == 5)
                    try place.pass(2)
                    let late = await verifier.attempt(other.code, other.token, for: Service.otherNumber)
                    findings.expect(
                        "a code is invalid one second after its expiry",
                        late?.code == .expired,
                        late as Any
                    )
                }
            }
        }

        @Test(
            "T8: empty and malformed input is never accepted as a code, and does not count as an attempt",
            arguments: Trial.onStoresAndDoors
        )
        func t8(trial: Trial) async throws {
            try await trial.run(
                mutant: "a comparison that accepts empty input if no code is stored",
                fails: "malformed input never verifies"
            ) { findings in
                try await trial.withPlace { place in
                    let service = try await place.service()
                    let size = trial.door == .http ? 1 << 16 : 1 << 20
                    let inputs = [
                        "", " ", "\n", "0", "null", "nil", "[]", "{}", "undefined", "００", "\u{0}", "12345", "1234567",
                        String(repeating: " ", count: size), String(repeating: "0", count: size),
                    ]
                    func verifies(_ input: String, _ token: ChallengeToken, code: String?) async -> Bool {
                        if trial.isMutant { return input.filter(\.isNumber) == code ?? "" }
                        return await service.attempt(input, token) == nil
                    }
                    let unknown = try ChallengeToken.invented()
                    let sent = try await service.issue()
                    for input in inputs {
                        let isWithoutCode = await verifies(input, unknown, code: nil)
                        let isWithCode = await verifies(input, sent.token, code: sent.code)
                        findings.expect("malformed input never verifies", !isWithoutCode && !isWithCode, input.count)
                    }
                    let status = try await service.door.status(for: Service.number, token: sent.token)
                    findings.expect("malformed input costs no attempt", status.attemptsRemaining == 5)
                    let right = await service.attempt(sent.code, sent.token)
                    findings.expect("the right code verifies afterwards", right == nil, right as Any)
                }
            }
        }
    }
}

extension StoreChanges {
    /// Returns changes that make an attempt wait before its step in the store.
    ///
    /// - Parameters:
    ///   - reached: The stream that ends when the attempt waits.
    ///   - released: The stream whose end lets the attempt continue.
    ///   - ended: The stream that ends with the step.
    ///   - undoes: Returns whether the step has no effect.
    /// - Returns: The changes.
    fileprivate static func holding(
        _ reached: AsyncStream<Void>.Continuation,
        until released: AsyncStream<Void>,
        _ ended: AsyncStream<Void>.Continuation,
        undoes: @escaping @Sendable () -> Bool
    ) -> Self {
        var changes = Self()
        changes.verify = { attempt, step, base in
            defer { ended.finish() }
            reached.finish()
            // A detached task does not inherit the cancellation, which would end the wait.
            await Task.detached { for await _ in released {} }.value
            if undoes() { throw CancellationError() }
            return try await base.verify(attempt, step)
        }
        return changes
    }
}
