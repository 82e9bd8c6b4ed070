/// All that is known of one phone number, and the rules by which it changes.
///
/// It does no I/O and time is an argument, so it is the specification of what a store decides: ``InMemoryOTPStore``
/// runs it, the Lua scripts of `RedisOTPStore` are its other implementation, and `OTPStoreConformance` compares them.
/// A store whose database can run Swift inside a transaction may run it too.
public struct PhoneNumberState: Sendable, Hashable {
    private struct LiveChallenge: Sendable, Hashable {
        var check: [UInt8]
        var code: ProtectedCode
        var expiresAt: StoreTime
        /// The attempts that the code still has.
        ///
        /// They are fixed when the code is made: limits that change afterwards do not reach it.
        var attemptsRemaining: Int
        var guesses = 0
        var sends = 1

        /// Whether it has not ended under any policy, and was not opened by a clock that was wrong.
        func isLive(at now: StoreTime) -> Bool {
            self.expiresAt > now && self.expiresAt <= now + OTPLimits.longestLifetime + StoreTime.tolerance
        }

        /// Whether it would live longer than a code can: it was opened by a clock that was wrong.
        func isFromTheFuture(_ limits: StoreLimits, at now: StoreTime) -> Bool {
            self.expiresAt > now + limits.lifetime + StoreTime.tolerance
        }
    }

    private var challenges: [ChallengeID: LiveChallenge] = [:]
    private var sends = SendHistory()
    private var failures = FailureHistory()

    /// Creates the state of a number of which nothing is known.
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

    /// Counts a attempt, compares it, and consumes the challenge if it is right.
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
        // A lock that others brought about leaves a challenge its first attempt: its owner may hold the code already.
        if challenge.guesses > 0, let refusal = self.failures.refusal(limits, at: now) {
            return .locked(refusal, at: now)
        }
        guard let candidate = attempt.candidates.first(where: { $0.keyID == challenge.code.keyID }) else {
            return .unknownKey(at: now)
        }
        challenge.attemptsRemaining -= 1
        challenge.guesses += 1
        guard isEqual(candidate.authenticator, challenge.code.authenticator) else {
            self.challenges[reference.id] = challenge
            self.failures.record(limits, at: now)
            return .mismatched(attemptsRemaining: challenge.attemptsRemaining, at: now)
        }
        self.challenges[reference.id] = nil
        self.succeed()
        return .matched(at: now)
    }

    /// Admits a further message of a challenge, or changes nothing.
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
                limits.attemptsPerChallenge - challenge.guesses
            )
            challenge.expiresAt = now + limits.lifetime
        }
        guard challenge.attemptsRemaining > 0 else { return .exhausted(at: now) }
        guard challenge.sends < limits.sendsPerChallenge else {
            return .refused(Refusal(.sendsPerChallenge, retryAfter: nil), at: now)
        }
        if let refusal = self.refusalOfSend(limits, at: now) { return .refused(refusal, at: now) }
        challenge.sends += 1
        self.challenges[reference.id] = challenge
        self.sends.record(limits, at: now)
        return .admitted(self.admission(of: challenge, limits, at: now), challenge.code)
    }

    /// Gives back a message that certainly was not sent.
    ///
    /// - Parameters:
    ///   - reservation: The message.
    ///   - isOneOfSeveral: Whether the number has further records. Only the record with the challenge is then the right one,
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
            // An identifier can be reused: a challenge that another message opened is not this message's to delete.
            guard challenge.expiresAt == reservation.time + limits.lifetime else { return true }
            self.challenges[reservation.challenge] = nil
        case .resend:
            challenge.sends = max(1, challenge.sends - 1)
            self.challenges[reservation.challenge] = challenge
        }
        return true
    }

    /// Deletes a challenge; the message that was sent for it stays counted.
    public mutating func cancel(_ id: ChallengeID, limits: StoreLimits, at now: StoreTime) -> Bool {
        guard self.challenge(id, limits, at: now) != nil else { return false }
        self.challenges[id] = nil
        return true
    }

    /// Tells how a live challenge stands.
    public func status(of id: ChallengeID, limits: StoreLimits, at now: StoreTime) -> ChallengeStatus? {
        var current = self
        current.prune(limits, at: now)
        return current.challenge(id, limits, at: now)
            .map { challenge in
                ChallengeStatus(
                    time: now,
                    expiresAt: challenge.expiresAt,
                    resendAt: current.sends.opensAt(limits, at: now),
                    attemptsRemaining: challenge.attemptsRemaining,
                    sends: challenge.sends
                )
            }
    }

    /// Forgets all wrong attempts.
    public mutating func unlock() {
        self.failures = FailureHistory()
    }

    /// Resets the failure streak and the cooldown step.
    ///
    /// A match does so itself. A store calls it for the records of the number that are out of use.
    public mutating func succeed() {
        self.sends.cooldownStep = 0
        self.failures.succeed()
    }

    /// When nothing in it matters any more; `nil` if nothing does now.
    public func expiry(_ limits: StoreLimits) -> StoreTime? {
        (self.challenges.values.map(\.expiresAt)
            + [self.sends.expiry(limits), self.failures.expiry(limits)]
            .compactMap(\.self))
            .max()
    }

    /// A live challenge that is for what the reference says.
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

    /// Removes a challenge from a clock that was wrong, so that it does not become valid when the clock reaches its time.
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

    /// A disabled or locked number gets no message, since no attempt could follow.
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
            resendAt: self.sends.opensAt(limits, at: now),
            attemptsRemaining: challenge.attemptsRemaining
        )
    }
}

/// Whether two secrets are the same, in a time that tells nothing of where they differ.
private func isEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    left.count == right.count && zip(left, right).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
}
