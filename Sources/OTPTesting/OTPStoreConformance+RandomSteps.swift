// SPDX-License-Identifier: Apache-2.0

import OTP
import SeededRandom

extension OTPStoreConformance {
    /// Checks that the store makes the same decisions as `PhoneNumberState` in random steps.
    ///
    /// - Parameters:
    ///   - count: The number of steps.
    ///   - seed: The seed of the random steps.
    /// - Returns: The number of decisions of each kind. A test can check that every kind has occurred.
    /// - Throws: ``Failure`` at the first difference, or an error of the store.
    @discardableResult
    public func checkRandomSteps(_ count: Int, seed: UInt64) async throws -> [String: Int] {
        var walk = try RandomWalk(seed: seed)
        try await takeRandomSteps(count, seed: seed, failure: Failure.init) { try await walk.step(self) }
        return walk.outcomes
    }
}

/// A random walk that compares the decisions of a store with the decisions of `PhoneNumberState`.
private struct RandomWalk {
    /// A challenge that the random walk created, with its code and its sends.
    private struct Opened {
        var number: Int
        var challenge: ChallengeReference
        var code: ProtectedCode
        var reservations: [SendReservation]
    }

    private var random: SeededGenerator
    private var limits = StoreLimits()
    /// The blind indexes of each phone number.
    ///
    /// Some numbers have several indexes, as during a key rotation.
    private var numbers: [[PhoneNumberIndex]] = []
    private var model: [Int: PhoneNumberState] = [:]
    private var opened: [Opened] = []
    private var now = StoreTime(milliseconds: 0)
    private(set) var outcomes: [String: Int] = [:]

    init(seed: UInt64) throws {
        self.random = SeededGenerator(seed: seed)
        try self.restart()
    }

    /// Continues with new phone numbers and other limits in the same store.
    ///
    /// The old phone numbers stay in the store, because they do not affect decisions for other numbers.
    private mutating func restart() throws {
        self.numbers = [3, 2, 1].map { count in (0..<count).map { _ in PhoneNumberIndex(bytes: self.bytes(16)) } }
        self.model = [:]
        self.opened = []
        self.limits = try StoreLimits(.randomForConformance(using: &self.random))
    }

    /// Changes the counts and the lifetimes of the limits, and keeps the phone numbers.
    ///
    /// The lengths of the windows stay the same, because a shorter window would drop history that a longer window needs later.
    private mutating func changeLimits() throws {
        self.limits = try StoreLimits(self.limits.values.withOtherCounts(using: &self.random))
        self.outcomes["limits", default: 0] += 1
    }

    mutating func step(_ check: OTPStoreConformance) async throws {
        switch Int.random(in: 0..<1000, using: &self.random) {
        case 0..<230: try await self.issue(check)
        case 230..<600: try await self.verify(check)
        case 600..<700: try await self.resend(check)
        case 700..<740: try await self.release(check)
        case 740..<770: try await self.cancel(check)
        case 770..<815: try await self.status(check)
        case 815..<825: try await self.unlock(check)
        case 825..<845: try self.changeLimits()
        case 845..<995: try await self.move(check)
        default: try self.restart()
        }
    }

    private mutating func issue(_ check: OTPStoreConformance) async throws {
        let number = self.anyNumber()
        // The identifier of a challenge is sometimes reused, as with tokenless challenges.
        let reused = self.chance(10) ? self.opened.last { $0.number == number } : nil
        var challenge =
            reused?.challenge
            ?? ChallengeReference(id: ChallengeID(bytes: self.bytes(16)), check: self.bytes(16))
        if self.chance(10) { challenge.check = self.bytes(16) }
        let code = self.code()
        let actual = try await check.store.issue(
            challenge,
            code: code,
            for: self.indexes(of: number),
            limits: self.limits
        )
        if case .admitted(let admission) = actual { self.now = admission.time }
        if case .refused(_, let time) = actual { self.now = time }
        let expected = self.model[number, default: PhoneNumberState()]
            .issue(challenge, code: code, limits: self.limits, at: self.now)
        try self.compare(check, "issue", actual, expected)
        if case .admitted = actual {
            let reservation = SendReservation(challenge: challenge.id, time: self.now, kind: .first)
            self.opened.append(Opened(number: number, challenge: challenge, code: code, reservations: [reservation]))
            if self.opened.count > 12 { self.opened.removeFirst() }
        }
    }

    private mutating func verify(_ check: OTPStoreConformance) async throws {
        guard let position = self.opened.indices.randomElement(using: &self.random) else { return }
        var opened = self.opened[position]
        if self.chance(5) { opened.challenge.check = self.bytes(16) }
        let number = self.number(of: opened)
        let right = self.chance(12)
        let authenticator = right ? opened.code.authenticator : self.bytes(32)
        var attempt = Attempt(candidates: [.init(keyID: opened.code.keyID, authenticator: authenticator)])
        if self.chance(10) { attempt.candidates.insert(.init(keyID: "other", authenticator: self.bytes(32)), at: 0) }
        if self.chance(4) { attempt.candidates.removeLast() }
        let actual = try await check.store.verify(
            attempt,
            of: opened.challenge,
            for: self.indexes(of: number),
            limits: self.limits
        )
        self.now = actual.time
        let expected = self.model[number, default: PhoneNumberState()]
            .verify(attempt, of: opened.challenge, limits: self.limits, at: self.now)
        try self.compare(check, "verify", actual, expected)
    }

    private mutating func resend(_ check: OTPStoreConformance) async throws {
        guard let position = self.opened.indices.randomElement(using: &self.random) else { return }
        let opened = self.opened[position]
        let number = self.number(of: opened)
        let code = self.resendCode(of: opened)
        var challenge = opened.challenge
        if self.chance(4) { challenge.check = self.bytes(16) }
        let actual = try await check.store
            .resend(challenge, code: code, for: self.indexes(of: number), limits: self.limits)
        self.now = actual.time
        let expected = self.model[number, default: PhoneNumberState()]
            .resend(challenge, code: code, limits: self.limits, at: self.now)
        try self.compare(check, "resend", actual, expected)
        if case .admitted(_, let code) = actual {
            self.opened[position].code = code
            self.opened[position].reservations
                .append(
                    SendReservation(challenge: opened.challenge.id, time: self.now, kind: .resend)
                )
        }
    }

    private mutating func release(_ check: OTPStoreConformance) async throws {
        guard let opened = self.opened.randomElement(using: &self.random) else { return }
        guard let reservation = opened.reservations.randomElement(using: &self.random) else { return }
        let number = self.number(of: opened)
        try await check.store.release(reservation, for: self.indexes(of: number), limits: self.limits)
        self.model[number]?.release(reservation, limits: self.limits, at: self.now)
        self.outcomes["release", default: 0] += 1
    }

    private mutating func cancel(_ check: OTPStoreConformance) async throws {
        guard let opened = self.opened.randomElement(using: &self.random) else { return }
        let number = self.number(of: opened)
        let actual = try await check.store.cancel(
            opened.challenge.id,
            for: self.indexes(of: number),
            limits: self.limits
        )
        let expected = self.model[number]?.cancel(opened.challenge.id, limits: self.limits, at: self.now) ?? false
        try self.compare(check, "cancel", actual, expected)
    }

    private mutating func status(_ check: OTPStoreConformance) async throws {
        guard let opened = self.opened.randomElement(using: &self.random) else { return }
        let number = self.number(of: opened)
        let actual = try await check.store.status(
            of: opened.challenge.id,
            for: self.indexes(of: number),
            limits: self.limits
        )
        self.now = actual?.time ?? self.now
        let expected = self.model[number]?.status(of: opened.challenge.id, limits: self.limits, at: self.now)
        try self.compare(check, "status", actual, expected)
    }

    private mutating func unlock(_ check: OTPStoreConformance) async throws {
        let number = self.anyNumber()
        try await check.store.unlock(self.indexes(of: number), limits: self.limits)
        self.model[number]?.unlock()
        self.outcomes["unlock", default: 0] += 1
    }

    /// Moves the clock forward by a random duration.
    ///
    /// About half of the durations are at most 20 seconds. About half are the length of a limit, or one millisecond less. A few
    /// durations are much longer, up to 401 days.
    private mutating func move(_ check: OTPStoreConformance) async throws {
        let boundaries: [Int64] = [
            1000, 30_000, 60_000, 90_000, 120_000, 180_000, 300_000, 600_000, 700_000, 3_600_000, 86_400_000,
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
        try check.expect(actual == expected, "\(step): \(actual), expected \(expected)")
    }

    private mutating func anyNumber() -> Int {
        Int.random(in: self.numbers.indices, using: &self.random)
    }

    /// Returns the position of a challenge's phone number in ``numbers``, or sometimes a random position.
    private mutating func number(of opened: Opened) -> Int {
        self.chance(4) ? self.anyNumber() : opened.number
    }

    /// Returns the blind indexes of a phone number in random order.
    ///
    /// The order is random because the keys of a key ring can have a different order in each process.
    private mutating func indexes(of number: Int) -> PhoneNumberIndexes {
        let indexes = self.numbers[number].shuffled(using: &self.random)
        return PhoneNumberIndexes(indexes[0], others: Array(indexes.dropFirst()))
    }

    /// Returns the code for a resend: a new code, or the current code of the challenge.
    ///
    /// Sometimes the result names a wrong key or a wrong length, so that the store must refuse to send the current code.
    private mutating func resendCode(of opened: Opened) -> ResendCode {
        if self.chance(50) { return .new(self.code()) }
        let keyIDs = self.chance(4) ? ["other"] : ["other", "k1", "a-longer-name"]
        return .same(length: self.chance(4) ? 1 : opened.code.sealed.count, keyIDs: keyIDs)
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
        case .refused(_, let time), .exhausted(let time), .absent(let time), .unknownKey(let time): time
        }
    }
}
