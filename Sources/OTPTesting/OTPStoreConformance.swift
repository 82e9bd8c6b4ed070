// SPDX-License-Identifier: Apache-2.0

public import OTP

/// A check that a store makes the decisions that `PhoneNumberState` specifies, even with concurrent callers.
///
/// Run the check against any store, including your own:
///
/// ```swift
/// let conformance = OTPStoreConformance(store: store) { try await clock.advance(by: $0) }
/// try await conformance.run()
/// ```
///
/// The check uses random indexes instead of phone numbers, so the store may contain other data. If the store's clock runs
/// during the check, the check knows some times only approximately. For about one in a million decisions, the check can
/// therefore report a failure although the store is correct.
public struct OTPStoreConformance: Sendable {
    /// The error for a decision of the store that differs from the specification.
    public struct Failure: Error, Sendable, CustomStringConvertible {
        /// The name of the check, with the expected and the actual decision.
        public let description: String

        /// Creates a failure.
        ///
        /// - Parameter description: The name of the check, with the expected and the actual decision.
        public init(description: String) {
            self.description = description
        }
    }

    let store: any OTPStore
    let advance: @Sendable (Duration) async throws -> Void

    /// Creates a check.
    ///
    /// - Parameters:
    ///   - store: The store to check.
    ///   - advance: A closure that moves the store's clock forward by a duration.
    public init(store: any OTPStore, advance: @escaping @Sendable (Duration) async throws -> Void) {
        self.store = store
        self.advance = advance
    }

    /// Runs all checks.
    ///
    /// - Parameter seed: The seed of the random steps. A failure contains the seed, so that the steps can be repeated.
    /// - Throws: ``Failure``, or an error of the store.
    public func run(seed: UInt64 = .random(in: .min ... .max)) async throws {
        try await self.checkConcurrentMatches()
        try await self.checkConcurrentAttempts()
        try await self.checkConcurrentIssues()
        try await self.checkFailureStreak()
        try await self.checkTwoRecords()
        try await self.checkClockEpoch()
        try await self.checkRandomSteps(2000, seed: seed)
    }

    /// Checks that exactly one of many concurrent attempts with the right code consumes the challenge.
    ///
    /// - Parameters:
    ///   - rounds: The number of repetitions, each with a new challenge.
    ///   - callers: The number of concurrent attempts in each repetition.
    /// - Throws: ``Failure``, or an error of the store.
    public func checkConcurrentMatches(rounds: Int = 10, callers: Int = 200) async throws {
        for round in 0..<rounds {
            let example = Example.random()
            try await self.expectAdmission(example)
            let decisions = try await concurrently(callers) { _ in
                try await self.store.verify(
                    example.rightAttempt,
                    of: example.challenge,
                    for: example.number,
                    limits: .init()
                )
            }
            let matches = decisions.count { if case .matched = $0 { true } else { false } }
            try self.expect(
                matches == 1,
                "round \(round): \(matches) of \(callers) right codes were accepted, expected 1"
            )
        }
    }

    /// Checks that concurrent attempts with wrong codes do not exceed the maximum number of attempts per code.
    ///
    /// - Parameter callers: The number of concurrent attempts.
    /// - Throws: ``Failure``, or an error of the store.
    public func checkConcurrentAttempts(callers: Int = 500) async throws {
        let example = Example.random()
        let limits = StoreLimits()
        try await self.expectAdmission(example)
        let decisions = try await concurrently(callers) { _ in
            let attempt = Attempt(candidates: [.init(keyID: example.code.keyID, authenticator: randomBytes(32))])
            return try await self.store.verify(attempt, of: example.challenge, for: example.number, limits: limits)
        }
        let compared = decisions.count { if case .mismatched = $0 { true } else { false } }
        try self.expect(
            compared == limits.attemptsPerCode,
            "\(compared) of \(callers) attempts were compared, expected \(limits.attemptsPerCode)"
        )
        let last = try await self.store.verify(
            example.rightAttempt,
            of: example.challenge,
            for: example.number,
            limits: limits
        )
        guard case .exhausted = last else {
            throw Failure(description: "the right code after all attempts: \(last), expected exhausted")
        }
    }

    /// Checks that exactly one of many concurrent calls of `issue` for one phone number is admitted.
    ///
    /// - Parameter callers: The number of concurrent calls.
    /// - Throws: ``Failure``, or an error of the store.
    public func checkConcurrentIssues(callers: Int = 100) async throws {
        let number = Example.random().number
        let decisions = try await concurrently(callers) { _ in
            let example = Example.random()
            return try await self.store.issue(example.challenge, code: example.code, for: number, limits: .init())
        }
        let admitted = decisions.count { if case .admitted = $0 { true } else { false } }
        try self.expect(admitted == 1, "\(admitted) of \(callers) issues were admitted, expected 1")
    }

    /// Checks that too many consecutive failures disable a phone number, and that their count is reset after the retention
    /// period.
    ///
    /// The count must also be reset if the period ends between two attempts for the same code.
    ///
    /// - Throws: ``Failure``, or an error of the store.
    public func checkFailureStreak() async throws {
        var settings = OTPLimits()
        settings.consecutiveFailures = 2
        settings.consecutiveFailuresRetention = .seconds(100)
        let limits = try StoreLimits(settings)
        for (wait, expected) in [(Duration.seconds(98), 2), (.seconds(102), 3)] {
            let example = Example.random()
            try await self.expectAdmission(example, limits)
            var compared = 0
            for attempt in 1...4 {
                if attempt == 2 { try await self.advance(wait) }
                let wrong = Attempt(candidates: [.init(keyID: example.code.keyID, authenticator: randomBytes(32))])
                switch try await self.store.verify(wrong, of: example.challenge, for: example.number, limits: limits) {
                case .mismatched: compared += 1
                case .locked(let refusal, _) where refusal.limit == .consecutiveFailures: break
                case let decision:
                    throw Failure(description: "attempt \(attempt) of a failure streak: unexpected \(decision)")
                }
            }
            try self.expect(
                compared == expected,
                "\(compared) attempts were compared with \(wait) after the first, expected \(expected)"
            )
        }
    }

    @discardableResult
    func expectAdmission(_ example: Example, _ limits: StoreLimits = .init()) async throws -> Admission {
        let decision = try await self.store.issue(
            example.challenge,
            code: example.code,
            for: example.number,
            limits: limits
        )
        guard case .admitted(let admission) = decision else {
            throw Failure(description: "the first issue for a number: \(decision), expected admitted")
        }
        return admission
    }

    func expect(_ condition: Bool, _ message: @autoclosure () -> String) throws {
        guard condition else { throw Failure(description: message()) }
    }
}

/// Calls a closure `count` times concurrently, and returns the results in any order.
func concurrently<Result: Sendable>(
    _ count: Int,
    _ step: @escaping @Sendable (Int) async throws -> Result
) async throws -> [Result] {
    try await withThrowingTaskGroup(of: Result.self) { group in
        for index in 0..<count { group.addTask { try await step(index) } }
        return try await group.reduce(into: []) { $0.append($1) }
    }
}

/// A random phone number, with a challenge and its code.
struct Example: Sendable {
    var number: PhoneNumberIndexes
    var challenge: ChallengeReference
    var code: ProtectedCode

    static func random() -> Self {
        Self(
            number: PhoneNumberIndexes(PhoneNumberIndex(bytes: randomBytes(16))),
            challenge: ChallengeReference(id: ChallengeID(bytes: randomBytes(16)), check: randomBytes(16)),
            code: ProtectedCode(keyID: "k1", authenticator: randomBytes(32), sealed: randomBytes(34))
        )
    }

    var rightAttempt: Attempt {
        Attempt(candidates: [.init(keyID: self.code.keyID, authenticator: self.code.authenticator)])
    }
}

func randomBytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8.random(in: .min ... .max) }
}
