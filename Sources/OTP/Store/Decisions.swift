/// A message that a store admitted.
public struct Admission: Sendable, Hashable {
    /// The store's time at the decision.
    public var time: StoreTime

    /// When the code ends.
    public var expiresAt: StoreTime

    /// The earliest time at which a further message to the number is admitted, if nothing else happens.
    public var resendAt: StoreTime

    /// The attempts that the code still has.
    public var attemptsRemaining: Int

    /// Creates an admission.
    ///
    /// - Parameters:
    ///   - time: The store's time at the decision.
    ///   - expiresAt: When the code ends.
    ///   - resendAt: The earliest time at which a further message is admitted.
    ///   - attemptsRemaining: The attempts that the code still has.
    public init(time: StoreTime, expiresAt: StoreTime, resendAt: StoreTime, attemptsRemaining: Int) {
        self.time = time
        self.expiresAt = expiresAt
        self.resendAt = resendAt
        self.attemptsRemaining = attemptsRemaining
    }
}

/// A store's answer to a new challenge.
public enum IssueDecision: Sendable, Hashable {
    /// The challenge is stored and its message may be sent.
    case admitted(Admission)
    /// Nothing was stored or counted.
    case refused(Refusal, at: StoreTime)
}

/// A store's answer to a attempt.
public enum VerifyDecision: Sendable, Hashable {
    /// The attempt is right and the challenge consumed.
    case matched(at: StoreTime)
    /// The attempt is wrong and was counted.
    case mismatched(attemptsRemaining: Int, at: StoreTime)
    /// The challenge has no attempt left; this one was not compared.
    case exhausted(at: StoreTime)
    /// The number takes no attempt now; this one was not compared.
    case locked(Refusal, at: StoreTime)
    /// There is no such live challenge; no counter was touched.
    case absent(at: StoreTime)
    /// The code is hashed under a key that the attempt does not name; no counter was touched.
    case unknownKey(at: StoreTime)
}

/// The code that a further message of a challenge carries.
public enum ResendCode: Sendable, Hashable {
    /// The code of the challenge once more; attempts and expiry stay as they are.
    ///
    /// - Parameters:
    ///   - length: The length of a sealed code that the caller can send; one of another length is not repeated.
    ///   - keyIDs: The identifiers of the keys with which the caller can open a sealed code.
    case same(length: Int, keyIDs: [String])
    /// A new code with attempts and a lifetime of its own; it replaces the old one.
    case new(ProtectedCode)
}

/// A store's answer to the wish for a further message.
public enum ResendDecision: Sendable, Hashable {
    /// The message may be sent, with this code.
    case admitted(Admission, ProtectedCode)
    /// Nothing was changed.
    case refused(Refusal, at: StoreTime)
    /// The challenge has no attempt left, so that a message would be of no use; nothing was changed.
    case exhausted(at: StoreTime)
    /// There is no such live challenge, or its code cannot be repeated; nothing was changed.
    case absent(at: StoreTime)
    /// The code is sealed under a key that the caller does not have; nothing was changed.
    case unknownKey(at: StoreTime)
}

/// How a live challenge stands.
public struct ChallengeStatus: Sendable, Hashable {
    /// The store's time.
    public var time: StoreTime

    /// When the code ends.
    public var expiresAt: StoreTime

    /// The earliest time at which cooldown and caps admit a further message; not after ``time`` if they do so now.
    public var resendAt: StoreTime

    /// The attempts that are left.
    public var attemptsRemaining: Int

    /// The messages that were sent, the first included.
    public var sends: Int

    /// Creates a status.
    ///
    /// - Parameters:
    ///   - time: The store's time.
    ///   - expiresAt: When the code ends.
    ///   - resendAt: The earliest time at which the number admits a further message.
    ///   - attemptsRemaining: The attempts that are left.
    ///   - sends: The messages that were sent.
    public init(time: StoreTime, expiresAt: StoreTime, resendAt: StoreTime, attemptsRemaining: Int, sends: Int) {
        self.time = time
        self.expiresAt = expiresAt
        self.resendAt = resendAt
        self.attemptsRemaining = attemptsRemaining
        self.sends = sends
    }
}

/// One message that a store admitted.
public struct SendReservation: Sendable, Hashable {
    /// Whether the message opened its challenge or was sent for one that existed.
    public enum Kind: Sendable, Hashable {
        /// The message that opened the challenge.
        case first
        /// A further message.
        case resend
    }

    /// The challenge.
    public var challenge: ChallengeID

    /// When the store admitted the message.
    public var time: StoreTime

    /// Whether the message opened its challenge.
    public var kind: Kind

    /// Creates a reservation.
    ///
    /// - Parameters:
    ///   - challenge: The challenge.
    ///   - time: When the store admitted the message.
    ///   - kind: Whether the message opened its challenge.
    public init(challenge: ChallengeID, time: StoreTime, kind: Kind) {
        self.challenge = challenge
        self.time = time
        self.kind = kind
    }
}
