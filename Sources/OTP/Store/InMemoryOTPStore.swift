// SPDX-License-Identifier: Apache-2.0

public import Foundation
import Synchronization

/// A store in the memory of one process, for tests, demonstrations and services with a single process.
///
/// The data is lost when the process ends. For several processes, use `RedisOTPStore`. If each process had a store in its own
/// memory, each process would admit the full number of messages and attempts.
///
/// Each call also removes a few expired entries. The duration of a call does not depend on the number of entries, unless the
/// call resizes a hash table.
public final class InMemoryOTPStore: OTPStore, ProofStore {
    struct Contents: Sendable {
        /// The number of entries of each kind that one call to the store examines for expiry.
        ///
        /// A call usually adds at most one entry of each kind. Therefore entries are examined faster than they are added.
        static let sweptPerStep = 4

        var numbers = ExpiringDictionary<PhoneNumberIndex, PhoneNumberState>()
        var usedProofs = ExpiringDictionary<[UInt8], Void>()
        /// The time of the last revocation for each number.
        ///
        /// Device tokens that were issued up to this time are revoked.
        var revocations = ExpiringDictionary<PhoneNumberIndex, StoreTime>()

        mutating func sweep(at now: StoreTime) {
            self.numbers.sweep(Self.sweptPerStep, at: now)
            self.usedProofs.sweep(Self.sweptPerStep, at: now)
            self.revocations.sweep(Self.sweptPerStep, at: now)
        }

        /// Returns the unexpired records of a number.
        func records(of number: PhoneNumberIndexes, _ limits: StoreLimits, at now: StoreTime) -> PhoneNumberRecords {
            guard !number.others.isEmpty else { return PhoneNumberRecords(used: number.current) }
            return number.records(
                existing: number.all.filter { index in
                    guard let expiry = self.numbers[index]?.expiry(limits) else { return false }
                    return expiry > now
                }
            )
        }

        /// Returns whether a device token was revoked under any ``PhoneNumberIndex`` of its number.
        func isRevoked(_ issuedAt: StoreTime, _ number: PhoneNumberIndexes) -> Bool {
            number.all.contains { index in self.revocations[index].map { issuedAt <= $0 } ?? false }
        }

        /// Changes the record of a number, and then stores or deletes the record.
        ///
        /// A record without an expiry has no effect, so it is deleted.
        mutating func change<Result>(
            _ index: PhoneNumberIndex,
            _ limits: StoreLimits,
            _ step: (inout PhoneNumberState) -> Result
        ) -> Result {
            var state = self.numbers[index] ?? PhoneNumberState()
            let result = step(&state)
            if let expiry = state.expiry(limits) {
                self.numbers.set(state, for: index, until: expiry)
            } else {
                self.numbers.remove(index)
            }
            return result
        }
    }

    private let contents = Mutex(Contents())
    private let now: @Sendable () -> StoreTime

    /// Creates an empty store.
    ///
    /// - Parameters:
    ///   - clock: The clock for all lifetimes and limits. The clock must never be set back, and should advance while the
    ///     machine sleeps.
    ///   - start: The date that corresponds to the clock's current time.
    public init<C: Clock>(clock: C = ContinuousClock(), start: Date = Date()) where C.Duration == Duration {
        let origin = clock.now
        let startTime = StoreTime(milliseconds: Int64((start.timeIntervalSince1970 * 1000).rounded()))
        self.now = { startTime + origin.duration(to: clock.now) }
    }

    /// The number of entries in memory, including expired entries that have not been removed.
    package var entryCount: (numbers: Int, usedProofs: Int) {
        self.contents.withLock { ($0.numbers.count, $0.usedProofs.count) }
    }

    /// Returns the time of the store's clock.
    public func currentTime() async throws -> StoreTime? { self.now() }

    /// Stores a new challenge and counts its first message, if the limits admit the message.
    public func issue(
        _ challenge: ChallengeReference,
        code: ProtectedCode,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> IssueDecision {
        self.change(number, limits) { $0.issue(challenge, code: code, limits: limits, at: $1) }
    }

    /// Counts an attempt, and compares the attempt with the code of the challenge.
    public func verify(
        _ attempt: Attempt,
        of challenge: ChallengeReference,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> VerifyDecision {
        self.withRecords(of: number, limits) { contents, records, now in
            let decision = contents.change(records.used, limits) {
                $0.verify(attempt, of: challenge, limits: limits, at: now)
            }
            guard case .matched = decision else { return decision }
            for index in records.unused { contents.change(index, limits) { $0.succeed() } }
            return decision
        }
    }

    /// Counts another message of a challenge, if the limits admit the message.
    public func resend(
        _ challenge: ChallengeReference,
        code: ResendCode,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> ResendDecision {
        self.change(number, limits) { $0.resend(challenge, code: code, limits: limits, at: $1) }
    }

    /// Undoes the accounting of a message that was definitely not sent.
    public func release(_ reservation: SendReservation, for number: PhoneNumberIndexes, limits: StoreLimits)
        async throws
    {
        self.withRecords(of: number, limits) { contents, records, now in
            for index in [records.used] + records.unused {
                let isReleased = contents.change(index, limits) {
                    $0.release(reservation, isOneOfSeveral: !records.unused.isEmpty, limits: limits, at: now)
                }
                if isReleased { return }
            }
        }
    }

    /// Deletes a challenge.
    public func cancel(
        _ challenge: ChallengeID,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> Bool {
        self.withRecords(of: number, limits) { contents, records, now in
            ([records.used] + records.unused)
                .map { index in
                    contents.change(index, limits) { $0.cancel(challenge, limits: limits, at: now) }
                }
                .contains(true)
        }
    }

    /// Returns the state of a live challenge.
    public func status(
        of challenge: ChallengeID,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> ChallengeSnapshot? {
        self.withRecords(of: number, limits) { contents, records, now in
            contents.numbers[records.used]?.status(of: challenge, limits: limits, at: now)
        }
    }

    /// Clears the failed attempts of a number, so that these attempts no longer cause a refusal.
    public func unlock(_ number: PhoneNumberIndexes, limits: StoreLimits) async throws {
        self.withRecords(of: number, limits) { contents, _, _ in
            for index in number.all { contents.change(index, limits) { $0.unlock() } }
        }
    }

    /// Marks a proof as used, unless the proof has been used or has expired.
    public func redeem(proof: [UInt8], expiringAt expiry: StoreTime, lifetime: Duration) async throws -> Bool {
        self.withContents { contents, now in
            guard expiry > now, contents.usedProofs[proof] == nil else { return false }
            contents.usedProofs.set((), for: proof, until: expiry + StoreTime.tolerance)
            return expiry <= now + StoreTime.longestRemainder(ofProofWith: lifetime)
        }
    }

    private func change<Result: Sendable>(
        _ number: PhoneNumberIndexes,
        _ limits: StoreLimits,
        _ step: (inout PhoneNumberState, StoreTime) -> Result
    ) -> Result {
        self.withRecords(of: number, limits) { contents, records, now in
            contents.change(records.used, limits) { step(&$0, now) }
        }
    }

    private func withRecords<Result: Sendable>(
        of number: PhoneNumberIndexes,
        _ limits: StoreLimits,
        _ body: (inout Contents, PhoneNumberRecords, StoreTime) -> Result
    ) -> Result {
        self.withContents { body(&$0, $0.records(of: number, limits, at: $1), $1) }
    }

    /// Removes a few expired entries, and then runs a closure on the contents.
    func withContents<Result: Sendable>(_ body: (inout Contents, StoreTime) -> Result) -> Result {
        self.contents.withLock { contents in
            let now = self.now()
            contents.sweep(at: now)
            return body(&contents, now)
        }
    }
}
