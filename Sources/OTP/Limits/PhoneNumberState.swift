// SPDX-License-Identifier: Apache-2.0

import Crypto

/// The challenges and the history of one phone number, and the rules by which they change.
///
/// A pure value without I/O, with the time as an argument: the specification of every decision of a store.
/// ``InMemoryOTPStore`` runs it, the Lua scripts of `RedisOTPStore` are a second implementation, and `OTPStoreConformance`
/// compares them. A store whose database has transactions can run it too: it reads ``bytes`` for update, applies one step and
/// writes the new ``bytes`` back.
public struct PhoneNumberState: Sendable, Hashable {
    struct LiveChallenge: Sendable, Hashable {
        var check: [UInt8]
        var code: ProtectedCode
        var expiresAt: StoreTime
        /// The attempts that the code has left, fixed when the code is created: later changes of the limits do not apply.
        var attemptsRemaining: Int
        /// The attempts at all codes of the challenge.
        var attemptsMade = 0
        var sendCount = 1

        /// Returns whether it has not expired under any policy, and was not created under a wrong clock.
        func isLive(at now: StoreTime) -> Bool {
            self.expiresAt > now && self.expiresAt <= now + OTPLimits.longestLifetime + StoreTime.tolerance
        }

        /// Returns whether it would outlive every code: it was created under a wrong clock.
        func isFromTheFuture(_ limits: StoreLimits, at now: StoreTime) -> Bool {
            self.expiresAt > now + limits.lifetime + StoreTime.tolerance
        }
    }

    var challenges: [ChallengeID: LiveChallenge] = [:]
    var sends = SendHistory()
    var failures = FailureHistory()

    /// Creates the state of a number without history.
    public init() {}

    /// Admits the first message of a new challenge and stores the challenge, or does neither.
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

    /// Counts an attempt, compares it, and consumes the challenge if it is right.
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
        // A lock caused by a stranger leaves each challenge its first attempt: the owner may already have the code.
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

    /// Admits another message of a challenge, or changes nothing.
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
    /// Idempotent.
    ///
    /// - Parameters:
    ///   - reservation: The message.
    ///   - isOneOfSeveral: Whether the number has other records. Only the record with the challenge is then the right one,
    ///     because two records may hold messages of the same millisecond.
    ///   - limits: The limits.
    ///   - now: The present.
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
            // An identifier can be reused: a challenge that another message created must stay.
            guard challenge.expiresAt == reservation.time + limits.lifetime else { return true }
            self.challenges[reservation.challenge] = nil
        case .resend:
            challenge.sendCount = max(1, challenge.sendCount - 1)
            self.challenges[reservation.challenge] = challenge
        }
        return true
    }

    /// Deletes a challenge; its messages stay counted.
    public mutating func cancel(_ id: ChallengeID, limits: StoreLimits, at now: StoreTime) -> Bool {
        guard self.challenge(id, limits, at: now) != nil else { return false }
        self.challenges[id] = nil
        return true
    }

    /// Returns the state of a live challenge.
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

    /// Clears all failed attempts and the failure streak.
    public mutating func unlock() {
        self.failures = FailureHistory()
    }

    /// Resets the failure streak and the cooldown step.
    ///
    /// ``verify(_:of:limits:at:)`` does so for a match. A store calls it for the unused records of the number.
    public mutating func succeed() {
        self.sends.cooldownStep = 0
        self.failures.succeed()
    }

    /// Returns the time after which the state no longer matters; `nil` if it does not matter now.
    public func expiry(_ limits: StoreLimits) -> StoreTime? {
        (self.challenges.values.map(\.expiresAt)
            + [self.sends.expiry(limits), self.failures.expiry(limits)]
            .compactMap(\.self))
            .max()
    }

    /// Returns a live challenge whose check matches.
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

    /// Removes a challenge that was created under a wrong clock, so that it does not become valid later.
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

    /// Returns the refusal of a send.
    ///
    /// A disabled or locked number gets no message, because no attempt could follow.
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

/// Compares two secrets; `SymmetricKey` compares in constant time.
private func isEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    SymmetricKey(data: left) == SymmetricKey(data: right)
}
