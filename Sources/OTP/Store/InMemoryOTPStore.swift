public import Foundation
import Synchronization

/// A store in the memory of one process, for tests, demonstrations and services that run as a single process.
///
/// What it knows ends with the process, and other processes do not see it: with several, each would allow its own
/// share of messages and guesses. Use `RedisOTPStore` then.
public final class InMemoryOTPStore: OTPStore {
    private struct Contents {
        var numbers: [NumberIndex: NumberState] = [:]
        var usedProofs: [[UInt8]: StoreTime] = [:]
        /// The number of entries at which the next sweep for ended ones is due.
        var sweepThreshold = 1024

        /// The records of a number; one of which nothing matters any more does not exist.
        func records(of number: NumberIndexes, _ limits: NumberLimits, at now: StoreTime) -> NumberRecords {
            guard !number.others.isEmpty else { return NumberRecords(used: number.current) }
            return number.records(
                existing: number.all.filter { index in
                    guard let expiry = self.numbers[index]?.expiry(limits) else { return false }
                    return expiry > now
                }
            )
        }

        mutating func change<Result>(
            _ index: NumberIndex,
            _ limits: NumberLimits,
            _ step: (inout NumberState) -> Result
        ) -> Result {
            var state = self.numbers[index] ?? NumberState()
            let result = step(&state)
            self.numbers[index] = state.expiry(limits) == nil ? nil : state
            return result
        }
    }

    private let contents = Mutex(Contents())
    private let now: @Sendable () -> StoreTime

    /// Creates an empty store.
    ///
    /// - Parameters:
    ///   - clock: The clock that all lives and limits follow; it should go on while the machine sleeps.
    ///   - start: The date that the clock's present stands for.
    public init<C: Clock>(clock: C = ContinuousClock(), start: Date = Date()) where C.Duration == Duration {
        let origin = clock.now
        let startTime = StoreTime(milliseconds: Int64((start.timeIntervalSince1970 * 1000).rounded()))
        self.now = { startTime + origin.duration(to: clock.now) }
    }

    /// Admits the first message of a new challenge and stores the challenge, or does neither.
    public func issue(
        _ challenge: ChallengeReference,
        code: ProtectedCode,
        for number: NumberIndexes,
        limits: NumberLimits
    ) async throws -> IssueDecision {
        self.change(number, limits) { $0.issue(challenge, code: code, limits: limits, at: $1) }
    }

    /// Counts a guess, compares it, and consumes the challenge if it is right.
    public func verify(
        _ guess: Guess,
        of challenge: ChallengeReference,
        for number: NumberIndexes,
        limits: NumberLimits
    ) async throws -> VerifyDecision {
        self.contents.withLock { contents in
            let now = self.now()
            let records = contents.records(of: number, limits, at: now)
            let decision = contents.change(records.used, limits) {
                $0.verify(guess, of: challenge, limits: limits, at: now)
            }
            guard case .matched = decision else { return decision }
            for index in records.unused { contents.numbers[index]?.succeed() }
            return decision
        }
    }

    /// Admits a further message of a challenge, or changes nothing.
    public func resend(
        _ challenge: ChallengeReference,
        code: ResendCode,
        for number: NumberIndexes,
        limits: NumberLimits
    ) async throws -> ResendDecision {
        self.change(number, limits) { $0.resend(challenge, code: code, limits: limits, at: $1) }
    }

    /// Gives back a message that certainly was not sent.
    public func refund(_ dispatch: Dispatch, for number: NumberIndexes, limits: NumberLimits) async throws {
        self.contents.withLock { contents in
            let now = self.now()
            let records = contents.records(of: number, limits, at: now)
            for index in [records.used] + records.unused where contents.numbers[index] != nil {
                let isRefunded = contents.change(index, limits) {
                    $0.refund(dispatch, isOneOfSeveral: !records.unused.isEmpty, limits: limits, at: now)
                }
                if isRefunded { return }
            }
        }
    }

    /// Deletes a challenge; the message that was sent for it stays counted.
    public func cancel(
        _ challenge: ChallengeID,
        for number: NumberIndexes,
        limits: NumberLimits
    ) async throws -> Bool {
        self.contents.withLock { contents in
            let now = self.now()
            let index = contents.records(of: number, limits, at: now).used
            return contents.numbers[index]?.cancel(challenge, at: now) ?? false
        }
    }

    /// Tells how a live challenge stands.
    public func status(
        of challenge: ChallengeID,
        for number: NumberIndexes,
        limits: NumberLimits
    ) async throws -> ChallengeStatus? {
        self.contents.withLock { contents in
            let now = self.now()
            let index = contents.records(of: number, limits, at: now).used
            return contents.numbers[index]?.status(of: challenge, limits: limits, at: now)
        }
    }

    /// Forgets all wrong guesses for a number.
    public func unlock(_ number: NumberIndexes, limits: NumberLimits) async throws {
        self.contents.withLock { contents in
            for index in number.all { contents.numbers[index]?.unlock() }
        }
    }

    /// Marks a proof as used, if it is not used already and has not expired.
    public func redeem(proof: [UInt8], expiringAt expiry: StoreTime) async throws -> Bool {
        self.contents.withLock { contents in
            guard expiry > self.now(), contents.usedProofs[proof] == nil else { return false }
            contents.usedProofs[proof] = expiry
            return true
        }
    }

    private func change<Result: Sendable>(
        _ number: NumberIndexes,
        _ limits: NumberLimits,
        _ step: (inout NumberState, StoreTime) -> Result
    ) -> Result {
        self.contents.withLock { contents in
            let now = self.now()
            self.sweepIfDue(&contents, limits, at: now)
            let index = contents.records(of: number, limits, at: now).used
            return contents.change(index, limits) { step(&$0, now) }
        }
    }

    /// Drops what has ended, each time the contents have doubled: the cost per step stays constant on average.
    private func sweepIfDue(_ contents: inout Contents, _ limits: NumberLimits, at now: StoreTime) {
        guard contents.numbers.count + contents.usedProofs.count >= contents.sweepThreshold else { return }
        contents.numbers = contents.numbers.filter { $0.value.expiry(limits).map { $0 > now } ?? false }
        contents.usedProofs = contents.usedProofs.filter { $0.value > now }
        contents.sweepThreshold = max(1024, 2 * (contents.numbers.count + contents.usedProofs.count))
    }
}
