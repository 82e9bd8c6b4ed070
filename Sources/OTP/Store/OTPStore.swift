/// Keeps challenges, and counts messages and attempts per phone number.
///
/// Every requirement is one atomic step of the domain, whatever the number of callers and processes: a store that
/// splits one into a read and a later write lets more attempts through than the policy allows. ``PhoneNumberState`` is the
/// specification of what each step decides; `OTPStoreConformance` in the module `OTPTesting` checks a store against it.
///
/// A store tells facts and throws only if it could not reach its data, or cannot tell whether it did. Time is the
/// store's own. Everything that it keeps must vanish by itself when it no longer matters.
///
/// Every step names the number by all its indexes, and works on one record: the one that ``PhoneNumberIndexes/records(existing:)``
/// chooses among those that exist. If there is none, `issue` creates it under the current index, and every other step writes
/// nothing. Records are never copied or merged.
///
/// Limits may change from one step to the next, and hold from then on, but for one: a code keeps the number of attempts that it
/// was made with. A looser limit does not bring back what a tighter one has forgotten.
///
/// Services that share a store and keys share the history of their numbers, so they must have the same windows: one with
/// shorter windows would forget what another still needs.
public protocol OTPStore: Sendable {
    /// Admits the first message of a new challenge and stores the challenge, or does neither.
    ///
    /// A live challenge with the same identifier is replaced; all others stay as they are.
    func issue(
        _ challenge: ChallengeReference,
        code: ProtectedCode,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> IssueDecision

    /// Counts a attempt, compares it, and consumes the challenge if it is right.
    func verify(
        _ attempt: Attempt,
        of challenge: ChallengeReference,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> VerifyDecision

    /// Admits a further message of a challenge, or changes nothing.
    ///
    /// A resend for something other than what the challenge was issued for finds no challenge: see ``ChallengeReference``.
    ///
    /// - Parameters:
    ///   - challenge: The challenge.
    ///   - code: The code that the message carries.
    ///   - number: The number.
    ///   - limits: The limits.
    /// - Returns: The admission and the code to send, or why there is none.
    /// - Throws: If the store cannot tell.
    func resend(
        _ challenge: ChallengeReference,
        code: ResendCode,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> ResendDecision

    /// Gives back a message that certainly was not sent: caps and cooldown become what they would be without it.
    ///
    /// The challenge of a first message is deleted, that of a further message stays. A message that is not known is no
    /// error, and giving back twice is the same as once.
    func release(_ reservation: SendReservation, for number: PhoneNumberIndexes, limits: StoreLimits) async throws

    /// Deletes a challenge, in every record of the number; the message that was sent for it stays counted.
    ///
    /// - Returns: Whether there was such a challenge.
    func cancel(
        _ challenge: ChallengeID,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> Bool

    /// Tells how a live challenge stands, and changes nothing.
    func status(
        of challenge: ChallengeID,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> ChallengeStatus?

    /// Forgets all wrong attempts for a number, those in a row included.
    func unlock(_ number: PhoneNumberIndexes, limits: StoreLimits) async throws

    /// Marks a proof as used, if it is not used already and has not expired.
    ///
    /// A proof that has more than its lifetime and a minute left was made by a clock that was wrong: it is marked as used, and not
    /// accepted.
    ///
    /// - Parameters:
    ///   - proof: The 16 bytes of the proof's identifier.
    ///   - expiry: When the proof ends.
    ///   - lifetime: How long a proof can be redeemed. A longer lifetime than 600 seconds counts as 600 seconds.
    /// - Returns: Whether this call was the one that used it.
    /// - Throws: If the store cannot tell.
    func redeem(proof: [UInt8], expiringAt expiry: StoreTime, lifetime: Duration) async throws -> Bool
}
