import OTP

extension OTPStoreConformance {
    /// A random walk of issues, guesses, resends, refunds and clock moves gives the decisions of ``NumberState``.
    ///
    /// - Parameters:
    ///   - count: The number of steps.
    ///   - seed: What the steps follow from.
    /// - Returns: How often each kind of decision occurred, so that a caller can see that the walk went everywhere.
    /// - Throws: ``Failure`` at the first difference, or what the store throws.
    @discardableResult
    public func checkRandomSteps(_ count: Int, seed: UInt64) async throws -> [String: Int] {
        var walk = RandomWalk(seed: seed)
        for step in 0..<count {
            // A store in memory never suspends: without this, the walk would keep its thread from every other test.
            if step % 32 == 0 { await Task.yield() }
            do {
                try await walk.step(self)
            } catch let failure as Failure {
                throw Failure(description: "seed \(seed), step \(step): \(failure)")
            }
        }
        return walk.outcomes
    }
}

/// A walk over the decisions of a store, with the specification beside it.
private struct RandomWalk {
    /// A challenge that the walk has opened, and what it must know to use it.
    private struct Opened {
        var number: NumberIndex
        var challenge: ChallengeReference
        var code: ProtectedCode
        var dispatches: [Dispatch]
    }

    private static let windowChoices: [[WindowLimit]] = [
        NumberLimits().sends,
        [WindowLimit(2, per: .seconds(90)), WindowLimit(3, per: .seconds(1000))],
        [WindowLimit(1, per: .seconds(1))],
    ]

    private static let failureChoices: [[WindowLimit]] = [
        NumberLimits().failures,
        [WindowLimit(3, per: .seconds(200)), WindowLimit(6, per: .seconds(5000))],
        [WindowLimit(40, per: .seconds(86_400))],
        [WindowLimit(1, per: .seconds(30)), WindowLimit(200, per: .seconds(86_400))],
    ]

    private var random: SeededGenerator
    private var limits = NumberLimits()
    /// Each number under two pseudonyms: an earlier and a present one.
    private var pseudonyms: [(earlier: NumberIndex, present: NumberIndex)] = []
    private var model: [NumberIndex: NumberState] = [:]
    private var opened: [Opened] = []
    private var now = StoreTime(milliseconds: 0)
    private(set) var outcomes: [String: Int] = [:]

    init(seed: UInt64) {
        self.random = SeededGenerator(seed: seed)
        self.startAnew()
    }

    /// New numbers and other limits: a store has no memory across pseudonyms, and neither has the specification.
    private mutating func startAnew() {
        self.pseudonyms = (0..<3).map { _ in (NumberIndex(bytes: self.bytes(16)), NumberIndex(bytes: self.bytes(16))) }
        self.model = [:]
        self.opened = []
        self.limits = NumberLimits()
        self.limits.sends = Self.windowChoices.randomElement(using: &self.random) ?? self.limits.sends
        self.limits.failures = Self.failureChoices.randomElement(using: &self.random) ?? self.limits.failures
        self.limits.consecutiveFailures = [100, 100, 7].randomElement(using: &self.random) ?? 100
        // The shorter one is over while a code is still alive.
        self.limits.consecutiveFailuresRetention =
            .seconds([400 * 86_400, 120].randomElement(using: &self.random) ?? 120)
        self.limits.guessesPerCode = [5, 3, 10].randomElement(using: &self.random) ?? 5
        self.limits.cooldown =
            [self.limits.cooldown, [.seconds(1), .seconds(30)]].randomElement(using: &self.random) ?? []
        self.limits.cooldownReset = .seconds([86_400, 700].randomElement(using: &self.random) ?? 86_400)
    }

    mutating func step(_ check: OTPStoreConformance) async throws {
        switch Int.random(in: 0..<1000, using: &self.random) {
        case 0..<230: try await self.issue(check)
        case 230..<600: try await self.verify(check)
        case 600..<700: try await self.resend(check)
        case 700..<740: try await self.refund(check)
        case 740..<770: try await self.cancel(check)
        case 770..<815: try await self.status(check)
        case 815..<820: try await self.unlock(check)
        case 820..<850: try await self.adopt(check)
        case 850..<995: try await self.move(check)
        default: self.startAnew()
        }
    }

    private mutating func issue(_ check: OTPStoreConformance) async throws {
        let index = self.anyIndex()
        // Now and then an identifier is used again, as it is for challenges without a token.
        let reused = self.chance(10) ? self.opened.last { $0.number == index } : nil
        let challenge = reused?.challenge ?? ChallengeReference(id: self.bytes(16), check: self.bytes(16))
        let code = self.code()
        let actual = try await check.store.issue(challenge, code: code, for: index, limits: self.limits)
        if case .admitted(let admission) = actual { self.now = admission.time }
        if case .refused(_, let time) = actual { self.now = time }
        let expected = self.model[index, default: NumberState()]
            .issue(challenge, code: code, limits: self.limits, at: self.now)
        try self.compare(check, "issue", actual, expected)
        if case .admitted = actual {
            let dispatch = Dispatch(challenge: challenge, time: self.now, kind: .first)
            self.opened.append(Opened(number: index, challenge: challenge, code: code, dispatches: [dispatch]))
            if self.opened.count > 12 { self.opened.removeFirst() }
        }
    }

    private mutating func verify(_ check: OTPStoreConformance) async throws {
        guard let position = self.opened.indices.randomElement(using: &self.random) else { return }
        var opened = self.opened[position]
        if self.chance(5) { opened.challenge.check = self.bytes(16) }
        let index = self.index(of: opened.number)
        let right = self.chance(12)
        let authenticator = right ? opened.code.authenticator : self.bytes(32)
        var guess = Guess(candidates: [.init(keyID: opened.code.keyID, authenticator: authenticator)])
        if self.chance(10) { guess.candidates.insert(.init(keyID: "other", authenticator: self.bytes(32)), at: 0) }
        if self.chance(4) { guess.candidates.removeLast() }
        let actual = try await check.store.verify(guess, of: opened.challenge, for: index, limits: self.limits)
        self.now = actual.time
        let expected = self.model[index, default: NumberState()]
            .verify(guess, of: opened.challenge, limits: self.limits, at: self.now)
        try self.compare(check, "verify", actual, expected)
    }

    private mutating func resend(_ check: OTPStoreConformance) async throws {
        guard let position = self.opened.indices.randomElement(using: &self.random) else { return }
        let opened = self.opened[position]
        let index = self.index(of: opened.number)
        let renewal = self.chance(50) ? self.code() : nil
        let actual = try await check.store.resend(opened.challenge, renewal: renewal, for: index, limits: self.limits)
        self.now = actual.time
        let expected = self.model[index, default: NumberState()]
            .resend(opened.challenge, renewal: renewal, limits: self.limits, at: self.now)
        try self.compare(check, "resend", actual, expected)
        if case .admitted(_, let code) = actual {
            self.opened[position].code = code
            self.opened[position].dispatches
                .append(
                    Dispatch(challenge: opened.challenge, time: self.now, kind: .further)
                )
        }
    }

    private mutating func refund(_ check: OTPStoreConformance) async throws {
        guard let opened = self.opened.randomElement(using: &self.random) else { return }
        guard let dispatch = opened.dispatches.randomElement(using: &self.random) else { return }
        let index = self.index(of: opened.number)
        try await check.store.refund(dispatch, for: index, limits: self.limits)
        self.model[index]?.refund(dispatch, limits: self.limits, at: self.now)
        self.outcomes["refund", default: 0] += 1
    }

    private mutating func cancel(_ check: OTPStoreConformance) async throws {
        guard let opened = self.opened.randomElement(using: &self.random) else { return }
        let index = self.index(of: opened.number)
        let actual = try await check.store.cancel(opened.challenge, for: index, limits: self.limits)
        let expected = self.model[index]?.cancel(opened.challenge, at: self.now) ?? false
        try self.compare(check, "cancel", actual, expected)
    }

    private mutating func status(_ check: OTPStoreConformance) async throws {
        guard let opened = self.opened.randomElement(using: &self.random) else { return }
        let index = self.index(of: opened.number)
        let actual = try await check.store.status(of: opened.challenge, for: index, limits: self.limits)
        self.now = actual?.time ?? self.now
        let expected = self.model[index]?.status(of: opened.challenge, limits: self.limits, at: self.now)
        try self.compare(check, "status", actual, expected)
    }

    private mutating func unlock(_ check: OTPStoreConformance) async throws {
        let index = self.anyIndex()
        try await check.store.unlock(index, limits: self.limits)
        self.model[index]?.unlock()
        self.outcomes["unlock", default: 0] += 1
    }

    private mutating func adopt(_ check: OTPStoreConformance) async throws {
        guard let (earlier, present) = self.pseudonyms.randomElement(using: &self.random) else { return }
        try await check.store.adopt(earlier, as: present, limits: self.limits)
        if let other = self.model[earlier] {
            self.model[present, default: NumberState()].adopt(other, limits: self.limits, at: self.now)
        }
        self.outcomes["adopt", default: 0] += 1
    }

    /// Moves the clock: mostly a little, sometimes to where some limit ends or just before.
    private mutating func move(_ check: OTPStoreConformance) async throws {
        let boundaries: [Int64] = [
            1000, 30_000, 60_000, 90_000, 120_000, 300_000, 600_000, 700_000, 3_600_000, 86_400_000,
        ]
        let milliseconds: Int64 =
            switch Int.random(in: 0..<100, using: &self.random) {
            case 0..<50: Int64.random(in: 0...20_000, using: &self.random)
            case 50..<97:
                (boundaries.randomElement(using: &self.random) ?? 0) - Int64.random(in: 0...1, using: &self.random)
            case 97..<99: Int64.random(in: 0...86_400_000 * 30, using: &self.random)
            default: Int64.random(in: 0...86_400_000 * 401, using: &self.random)
            }
        try await check.advance(.milliseconds(milliseconds))
        self.now = self.now + .milliseconds(milliseconds)
    }

    private mutating func compare<Decision: Equatable>(
        _ check: OTPStoreConformance,
        _ step: String,
        _ actual: Decision,
        _ expected: Decision
    ) throws {
        let name = "\(step) \("\(actual)".prefix { $0.isLetter })"
        self.outcomes[name, default: 0] += 1
        try check.expect(actual == expected, "\(step) gave \(actual), expected \(expected)")
    }

    private mutating func anyIndex() -> NumberIndex {
        let number = self.pseudonyms.randomElement(using: &self.random) ?? self.pseudonyms[0]
        return self.chance(30) ? number.earlier : number.present
    }

    /// Mostly the pseudonym that a challenge was issued under, sometimes another.
    private mutating func index(of number: NumberIndex) -> NumberIndex {
        self.chance(4) ? self.anyIndex() : number
    }

    private mutating func code() -> ProtectedCode {
        ProtectedCode(
            keyID: ["k1", "a-longer-name"].randomElement(using: &self.random) ?? "k1",
            authenticator: self.bytes(32),
            sealed: self.chance(50) ? self.bytes(34) : []
        )
    }

    private mutating func chance(_ percent: Int) -> Bool {
        Int.random(in: 0..<100, using: &self.random) < percent
    }

    private mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &self.random) }
    }
}

extension VerifyDecision {
    fileprivate var time: StoreTime {
        switch self {
        case .matched(let time), .mismatched(_, let time), .exhausted(let time), .locked(_, let time),
            .absent(let time), .unknownKey(let time):
            time
        }
    }
}

extension ResendDecision {
    fileprivate var time: StoreTime {
        switch self {
        case .admitted(let admission, _): admission.time
        case .refused(_, let time), .exhausted(let time), .absent(let time): time
        }
    }
}
