// SPDX-License-Identifier: Apache-2.0

import Crypto

/// The challenges and the history of one phone number, with the rules by which they change.
///
/// This type specifies every decision of a store. The methods perform no I/O, and receive the time as an argument.
/// ``InMemoryOTPStore`` uses this type directly. The Lua scripts of `RedisOTPStore` are a second implementation, which
/// `OTPStoreConformance` compares with this type.
///
/// A store on a database with transactions can also use this type. In one transaction, the store reads ``bytes`` for update,
/// calls one method of the state, and writes the new ``bytes``.
public struct PhoneNumberState: Sendable, Hashable {
    struct LiveChallenge: Sendable, Hashable {
        var check: [UInt8]
        var code: ProtectedCode
        var expiresAt: StoreTime
        /// The number of remaining attempts for the code.
        ///
        /// A later change of the limits has no effect on this number.
        var attemptsRemaining: Int
        /// The number of attempts that were made so far, for all codes of the challenge together.
        var attemptsMade = 0
        var sendCount = 1

        /// Returns whether the challenge is valid at a time.
        ///
        /// A challenge is invalid after its expiry. A challenge with an expiry later than any policy allows is also invalid,
        /// because it was created with a wrong clock.
        func isLive(at now: StoreTime) -> Bool {
            self.expiresAt > now && self.expiresAt <= now + OTPLimits.longestLifetime + StoreTime.tolerance
        }

        /// Returns whether the challenge was created with a wrong clock.
        ///
        /// Such a challenge expires more than one minute later than a challenge that is created now.
        func isFromTheFuture(_ limits: StoreLimits, at now: StoreTime) -> Bool {
            self.expiresAt > now + limits.lifetime + StoreTime.tolerance
        }
    }

    var challenges: [ChallengeID: LiveChallenge] = [:]
    var sends = SendHistory()
    var failures = FailureHistory()

    /// Creates the state of a number without history.
    public init() {}

    /// Stores a new challenge and counts its first message, if the limits admit the message.
    public mutating func issue(
        _ reference: ChallengeReference,
        code: ProtectedCode,
        limits: StoreLimits,
        at now: StoreTime
    ) -> IssueDecision {
        self.prune(limits, at: now)
        if let refusal = self.refusalOfSend(limits, at: now) { return .refused(refusal, at: now) }
        let challenge = LiveChallenge(
            check: reference.check,
            code: code,
            expiresAt: now + limits.lifetime,
            attemptsRemaining: min(limits.attemptsPerCode, limits.attemptsPerChallenge)
        )
        self.challenges[reference.id] = challenge
        self.sends.record(limits, at: now)
        return .admitted(self.admission(of: challenge, limits, at: now))
    }

    /// Counts an attempt, and compares it with the code.
    ///
    /// If the code is right, the challenge is consumed.
    public mutating func verify(
        _ attempt: Attempt,
        of reference: ChallengeReference,
        limits: StoreLimits,
        at now: StoreTime
    ) -> VerifyDecision {
        self.forgetIfFromTheFuture(reference, limits, at: now)
        self.prune(limits, at: now)
        guard var challenge = self.challenge(reference, limits, at: now) else { return .absent(at: now) }
        guard challenge.attemptsRemaining > 0 else { return .exhausted(at: now) }
        if let refusal = self.failures.disabled(limits) { return .locked(refusal, at: now) }
        // A stranger can cause a lockout after the owner has received a code. Therefore the first attempt for each challenge is
        // allowed during a lockout.
        if challenge.attemptsMade > 0, let refusal = self.failures.refusal(limits, at: now) {
            return .locked(refusal, at: now)
        }
        guard let candidate = attempt.candidates.first(where: { $0.keyID == challenge.code.keyID }) else {
            return .unknownKey(at: now)
        }
        challenge.attemptsRemaining -= 1
        challenge.attemptsMade += 1
        guard isEqual(candidate.authenticator, challenge.code.authenticator) else {
            self.challenges[reference.id] = challenge
            self.failures.record(limits, at: now)
            return .mismatched(attemptsRemaining: challenge.attemptsRemaining, at: now)
        }
        self.challenges[reference.id] = nil
        self.succeed()
        return .matched(at: now)
    }

    /// Counts another message of a challenge, if the limits admit the message.
    public mutating func resend(
        _ reference: ChallengeReference,
        code: ResendCode,
        limits: StoreLimits,
        at now: StoreTime
    ) -> ResendDecision {
        self.prune(limits, at: now)
        guard var challenge = self.challenge(reference, limits, at: now) else { return .absent(at: now) }
        switch code {
        case .same(let length, let keyIDs):
            guard challenge.code.sealed.count == length else { return .absent(at: now) }
            guard keyIDs.contains(challenge.code.keyID) else { return .unknownKey(at: now) }
        case .new(let renewal):
            challenge.code = renewal
            challenge.attemptsRemaining = min(
                limits.attemptsPerCode,
                limits.attemptsPerChallenge - challenge.attemptsMade
            )
            challenge.expiresAt = now + limits.lifetime
        }
        guard challenge.attemptsRemaining > 0 else { return .exhausted(at: now) }
        guard challenge.sendCount < limits.sendsPerChallenge else {
            return .refused(Refusal(.sendsPerChallenge, retryAfter: nil), at: now)
        }
        if let refusal = self.refusalOfSend(limits, at: now) { return .refused(refusal, at: now) }
        challenge.sendCount += 1
        self.challenges[reference.id] = challenge
        self.sends.record(limits, at: now)
        return .admitted(self.admission(of: challenge, limits, at: now), challenge.code)
    }

    /// Undoes the accounting of a message that was definitely not sent.
    ///
    /// If the message is no longer counted, the method has no effect.
    ///
    /// - Parameters:
    ///   - reservation: The reservation of the message.
    ///   - isOneOfSeveral: Whether the store has several records for the number, as during a key rotation. Two records can
    ///     contain messages with the same time, so the time alone does not identify the message. If the value is `true`, the
    ///     method has no effect on a record without the challenge of the reservation.
    ///   - limits: The limits.
    ///   - now: The current time.
    /// - Returns: Whether the message was still counted.
    @discardableResult
    public mutating func release(
        _ reservation: SendReservation,
        isOneOfSeveral: Bool = false,
        limits: StoreLimits,
        at now: StoreTime
    ) -> Bool {
        self.prune(limits, at: now)
        let found = self.challenge(reservation.challenge, limits, at: now)
        if isOneOfSeveral, found == nil { return false }
        guard self.sends.remove(reservation.time, at: now) else { return false }
        guard var challenge = found else {
            self.challenges[reservation.challenge] = nil
            return true
        }
        switch reservation.kind {
        case .first:
            // An identifier can be used again. A challenge that a later message created must not be deleted.
            guard challenge.expiresAt == reservation.time + limits.lifetime else { return true }
            self.challenges[reservation.challenge] = nil
        case .resend:
            challenge.sendCount = max(1, challenge.sendCount - 1)
            self.challenges[reservation.challenge] = challenge
        }
        return true
    }

    /// Deletes a challenge.
    ///
    /// The messages of the challenge are still counted.
    public mutating func cancel(_ id: ChallengeID, limits: StoreLimits, at now: StoreTime) -> Bool {
        guard self.challenge(id, limits, at: now) != nil else { return false }
        self.challenges[id] = nil
        return true
    }

    /// Returns the state of a live challenge, or `nil` if there is no such challenge.
    public func status(of id: ChallengeID, limits: StoreLimits, at now: StoreTime) -> ChallengeSnapshot? {
        var current = self
        current.prune(limits, at: now)
        return current.challenge(id, limits, at: now)
            .map { challenge in
                ChallengeSnapshot(
                    time: now,
                    expiresAt: challenge.expiresAt,
                    resendAllowedAt: current.sends.nextSendAllowedAt(limits, at: now),
                    attemptsRemaining: challenge.attemptsRemaining,
                    sendCount: challenge.sendCount
                )
            }
    }

    /// Clears the failed attempts, so that these attempts no longer cause a refusal.
    public mutating func unlock() {
        self.failures = FailureHistory()
    }

    /// Resets the count of consecutive failed attempts and the sequence of waits in ``OTPLimits/cooldown``.
    ///
    /// During a key rotation, a number can have several records. When an attempt is right, ``verify(_:of:limits:at:)`` calls
    /// this method for the record of the challenge. The store must call this method for the other records of the number.
    public mutating func succeed() {
        self.sends.cooldownStep = 0
        self.failures.succeed()
    }

    /// Returns the time after which the state has no effect, or `nil` if the state is empty.
    public func expiry(_ limits: StoreLimits) -> StoreTime? {
        (self.challenges.values.map(\.expiresAt)
            + [self.sends.expiry(limits), self.failures.expiry(limits)]
            .compactMap(\.self))
            .max()
    }

    /// Returns the live challenge of a reference, or `nil` if there is no such challenge or if its ``ChallengeReference/check``
    /// differs.
    private func challenge(
        _ reference: ChallengeReference,
        _ limits: StoreLimits,
        at now: StoreTime
    ) -> LiveChallenge? {
        let challenge = self.challenge(reference.id, limits, at: now)
        return challenge.flatMap { isEqual($0.check, reference.check) ? $0 : nil }
    }

    private func challenge(_ id: ChallengeID, _ limits: StoreLimits, at now: StoreTime) -> LiveChallenge? {
        guard let challenge = self.challenges[id], challenge.isLive(at: now) else { return nil }
        return challenge.isFromTheFuture(limits, at: now) ? nil : challenge
    }

    /// Removes a challenge that was created with a wrong clock, so that it does not become valid later.
    private mutating func forgetIfFromTheFuture(
        _ reference: ChallengeReference,
        _ limits: StoreLimits,
        at now: StoreTime
    ) {
        guard let challenge = self.challenges[reference.id], isEqual(challenge.check, reference.check) else { return }
        if challenge.isFromTheFuture(limits, at: now) { self.challenges[reference.id] = nil }
    }

    private mutating func prune(_ limits: StoreLimits, at now: StoreTime) {
        self.challenges = self.challenges.filter { $0.value.isLive(at: now) }
        self.sends.prune(limits, at: now)
        self.failures.prune(limits, at: now)
    }

    /// Returns the refusal of a send, or `nil` if the send is admitted.
    ///
    /// A send is also refused after too many failed attempts for the number.
    private func refusalOfSend(_ limits: StoreLimits, at now: StoreTime) -> Refusal? {
        if let refusal = self.failures.disabled(limits) { return refusal }
        let locked = self.failures.refusal(limits, at: now)
        let waiting = self.sends.refusal(limits, at: now)
        guard let locked else { return waiting }
        guard let waiting else { return locked }
        return (waiting.retryAfter ?? .zero) > (locked.retryAfter ?? .zero) ? waiting : locked
    }

    private func admission(of challenge: LiveChallenge, _ limits: StoreLimits, at now: StoreTime) -> Admission {
        Admission(
            time: now,
            expiresAt: challenge.expiresAt,
            resendAllowedAt: self.sends.nextSendAllowedAt(limits, at: now),
            attemptsRemaining: challenge.attemptsRemaining
        )
    }
}

/// Compares two secrets in constant time.
private func isEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    SymmetricKey(data: left) == SymmetricKey(data: right)
}
