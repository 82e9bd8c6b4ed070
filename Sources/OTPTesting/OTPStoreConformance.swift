public import OTP

/// Checks that a store decides as ``PhoneNumberState`` says, alone and under concurrency.
///
/// Run it against any store, your own included:
///
/// ```swift
/// let conformance = OTPStoreConformance(store: store) { try await clock.advance(by: $0) }
/// try await conformance.run()
/// ```
///
/// It uses fresh random indexes, so the store may hold other data. If the store's clock cannot be made to stand still
/// between two moves, a decision at the very millisecond of a boundary may differ, about once in a million steps.
public struct OTPStoreConformance: Sendable {
    /// A decision of the store that differs from the specification.
    public struct Failure: Error, Sendable, CustomStringConvertible {
        /// What was checked, what was expected and what was found.
        public let description: String
    }

    let store: any OTPStore
    let advance: @Sendable (Duration) async throws -> Void

    /// Creates a check.
    ///
    /// - Parameters:
    ///   - store: The store.
    ///   - advance: Moves the store's clock by a duration.
    public init(store: any OTPStore, advance: @escaping @Sendable (Duration) async throws -> Void) {
        self.store = store
        self.advance = advance
    }

    /// Runs every check.
    ///
    /// - Parameter seed: What the random steps follow from; a failure names it.
    /// - Throws: ``Failure``, or what the store throws.
    public func run(seed: UInt64 = .random(in: .min ... .max)) async throws {
        try await self.checkConcurrentAnswers()
        try await self.checkConcurrentGuesses()
        try await self.checkConcurrentIssues()
        try await self.checkProofs()
        try await self.checkFailuresInARow()
        try await self.checkTwoRecords()
        try await self.checkRandomSteps(2000, seed: seed)
    }

    /// Of many concurrent right answers, exactly one consumes the challenge.
    ///
    /// - Parameters:
    ///   - rounds: How often.
    ///   - callers: How many answers at once.
    /// - Throws: ``Failure``, or what the store throws.
    public func checkConcurrentAnswers(rounds: Int = 10, callers: Int = 200) async throws {
        for round in 0..<rounds {
            let example = Example.random()
            try await self.expectAdmission(example)
            let decisions = try await self.concurrently(callers) { _ in
                try await self.store.verify(
                    example.rightGuess,
                    of: example.challenge,
                    for: example.number,
                    limits: .init()
                )
            }
            let matches = decisions.count { if case .matched = $0 { true } else { false } }
            try self.expect(matches == 1, "round \(round): of \(callers) right answers \(matches) were accepted, not 1")
        }
    }

    /// Of many concurrent wrong attempts, no more are compared than a code allows.
    ///
    /// - Parameter callers: How many attempts at once.
    /// - Throws: ``Failure``, or what the store throws.
    public func checkConcurrentGuesses(callers: Int = 500) async throws {
        let example = Example.random()
        let limits = StoreLimits()
        try await self.expectAdmission(example)
        let decisions = try await self.concurrently(callers) { _ in
            let attempt = Attempt(candidates: [.init(keyID: example.code.keyID, authenticator: randomBytes(32))])
            return try await self.store.verify(attempt, of: example.challenge, for: example.number, limits: limits)
        }
        let compared = decisions.count { if case .mismatched = $0 { true } else { false } }
        try self.expect(compared == limits.attemptsPerCode, "\(compared) of \(callers) guesses were compared")
        let last = try await self.store.verify(
            example.rightGuess,
            of: example.challenge,
            for: example.number,
            limits: limits
        )
        guard case .exhausted = last else {
            throw Failure(description: "after all guesses, the right one gave \(last)")
        }
    }

    /// Of many concurrent issues for one number, exactly one is admitted.
    ///
    /// - Parameter callers: How many issues at once.
    /// - Throws: ``Failure``, or what the store throws.
    public func checkConcurrentIssues(callers: Int = 100) async throws {
        let number = Example.random().number
        let decisions = try await self.concurrently(callers) { _ in
            let example = Example.random()
            return try await self.store.issue(example.challenge, code: example.code, for: number, limits: .init())
        }
        let admitted = decisions.count { if case .admitted = $0 { true } else { false } }
        try self.expect(admitted == 1, "of \(callers) issues \(admitted) were admitted, not 1")
    }

    /// A proof is redeemed once, and not after its end.
    ///
    /// - Throws: ``Failure``, or what the store throws.
    public func checkProofs() async throws {
        let time = try await self.expectAdmission(Example.random()).time
        let proof = randomBytes(16)
        let expiry = time + .seconds(600)
        let redeemed = try await self.concurrently(50) { _ in
            try await self.store.redeem(proof: proof, expiringAt: expiry, lifetime: .seconds(600))
        }
        try self.expect(redeemed.count { $0 } == 1, "a proof was redeemed \(redeemed.count { $0 }) times, not once")
        for (excess, isRedeemed) in [(Duration.seconds(60), true), (.milliseconds(60_001), false)] {
            // The clock was set back since the proof was made.
            let expiry = time + .seconds(600) + excess
            let result = try await self.store.redeem(
                proof: randomBytes(16),
                expiringAt: expiry,
                lifetime: .seconds(600)
            )
            try self.expect(
                result == isRedeemed,
                "a proof with \(expiry - time) left was \(result ? "" : "not ")redeemed"
            )
        }
        let late = randomBytes(16)
        try await self.advance(.seconds(600))
        let lateResult = try await self.store.redeem(proof: late, expiringAt: expiry, lifetime: .seconds(600))
        try self.expect(!lateResult, "a proof was redeemed after its end")
        try await self.checkProofLives(at: time + .seconds(600))
    }

    /// A lifetime out of range counts as the nearest one in range.
    private func checkProofLives(at time: StoreTime) async throws {
        let lives: [(lifetime: Duration, counted: Duration)] = [
            (.seconds(Int64.max), .seconds(600)), (.seconds(9_223_372_036_854_775), .seconds(600)),
            (.seconds(601), .seconds(600)), (.seconds(-1), .zero), (.seconds(Int64.min), .zero),
        ]
        for (lifetime, counted) in lives {
            // A clock that does not stand still has gone on a little since.
            for (excess, isRedeemed) in [(Duration.seconds(60), true), (.seconds(90), false)] {
                let expiry = time + counted + excess
                let result = try await self.store.redeem(proof: randomBytes(16), expiringAt: expiry, lifetime: lifetime)
                try self.expect(
                    result == isRedeemed,
                    "with a lifetime of \(lifetime), a proof with \(counted + excess) left was \(result ? "" : "not ")redeemed"
                )
            }
        }
    }

    /// A row of wrong attempts disables a number, and is forgotten when its time is over, also between attempts at one code.
    ///
    /// - Throws: ``Failure``, or what the store throws.
    public func checkFailuresInARow() async throws {
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
                case let decision: throw Failure(description: "attempt \(attempt) of a row gave \(decision)")
                }
            }
            try self.expect(
                compared == expected,
                "\(compared) guesses were compared instead of \(expected), with \(wait) after the first"
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
            throw Failure(description: "the first issue for a number was not admitted: \(decision)")
        }
        return admission
    }

    func expect(_ condition: Bool, _ message: @autoclosure () -> String) throws {
        guard condition else { throw Failure(description: message()) }
    }

    private func concurrently<Result: Sendable>(
        _ count: Int,
        _ step: @escaping @Sendable (Int) async throws -> Result
    ) async throws -> [Result] {
        try await withThrowingTaskGroup(of: Result.self) { group in
            for index in 0..<count { group.addTask { try await step(index) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }
}

/// A number, a challenge and its code, as random as they are in earnest.
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

    var rightGuess: Attempt {
        Attempt(candidates: [.init(keyID: self.code.keyID, authenticator: self.code.authenticator)])
    }
}

func randomBytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8.random(in: .min ... .max) }
}
