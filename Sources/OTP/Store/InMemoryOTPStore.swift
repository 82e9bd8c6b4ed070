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
        for number: NumberIndex,
        limits: NumberLimits
    ) async throws -> IssueDecision {
        self.change(number, limits) { $0.issue(challenge, code: code, limits: limits, at: $1) }
    }

    /// Counts a guess, compares it, and consumes the challenge if it is right.
    public func verify(
        _ guess: Guess,
        of challenge: ChallengeReference,
        for number: NumberIndex,
        limits: NumberLimits
    ) async throws -> VerifyDecision {
        self.change(number, limits) { $0.verify(guess, of: challenge, limits: limits, at: $1) }
    }

    /// Admits a further message of a challenge, or changes nothing.
    public func resend(
        _ challenge: ChallengeReference,
        renewal: ProtectedCode?,
        for number: NumberIndex,
        limits: NumberLimits
    ) async throws -> ResendDecision {
        self.change(number, limits) { $0.resend(challenge, renewal: renewal, limits: limits, at: $1) }
    }

    /// Gives back a message that certainly was not sent.
    public func refund(_ dispatch: Dispatch, for number: NumberIndex, limits: NumberLimits) async throws {
        self.change(number, limits) { $0.refund(dispatch, limits: limits, at: $1) }
    }

    /// Deletes a challenge; the message that was sent for it stays counted.
    public func cancel(
        _ challenge: ChallengeReference,
        for number: NumberIndex,
        limits: NumberLimits
    ) async throws -> Bool {
        self.contents.withLock { $0.numbers[number]?.cancel(challenge, at: self.now()) ?? false }
    }

    /// Tells how a live challenge stands.
    public func status(
        of challenge: ChallengeReference,
        for number: NumberIndex,
        limits: NumberLimits
    ) async throws -> ChallengeStatus? {
        self.contents.withLock { $0.numbers[number]?.status(of: challenge, limits: limits, at: self.now()) }
    }

    /// Forgets all wrong guesses for a number.
    public func unlock(_ number: NumberIndex, limits: NumberLimits) async throws {
        self.contents.withLock { $0.numbers[number]?.unlock() }
    }

    /// Takes over what was counted for a number under an earlier pseudonym.
    public func adopt(_ earlier: NumberIndex, as number: NumberIndex, limits: NumberLimits) async throws {
        self.contents.withLock { contents in
            guard let other = contents.numbers[earlier] else { return }
            contents.numbers[number, default: NumberState()].adopt(other, limits: limits, at: self.now())
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
        _ number: NumberIndex,
        _ limits: NumberLimits,
        _ step: (inout NumberState, StoreTime) -> Result
    ) -> Result {
        self.contents.withLock { contents in
            let now = self.now()
            self.sweepIfDue(&contents, limits, at: now)
            var state = contents.numbers[number] ?? NumberState()
            let result = step(&state, now)
            contents.numbers[number] = state.expiry(limits) == nil ? nil : state
            return result
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
