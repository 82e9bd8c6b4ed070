// SPDX-License-Identifier: Apache-2.0

/// Stores challenges, and counts sends and attempts per phone number.
///
/// Every requirement is one atomic step of the domain, for any number of callers and processes: a store that splits a step
/// into a read and a later write admits more attempts than the policy allows. ``PhoneNumberState`` specifies the decision of
/// each step, and `OTPStoreConformance` in the module `OTPTesting` checks a store against it. A store whose database has
/// transactions can run the specification itself: it stores ``PhoneNumberState/bytes``.
///
/// A store returns decisions and throws only if its data is unreachable or the outcome is unknown. It uses its own clock.
/// Everything that it stores must expire when it no longer matters.
///
/// A step should run to completion even if its caller is cancelled: a right code that is consumed without a result makes the user
/// request another one. A store that gives a step up throws `CancellationError`; all other errors count as an outage.
///
/// Every step names the number by all its indexes, and works on one record: the one that ``PhoneNumberIndexes/records(existing:)``
/// chooses among the existing records. Without a record, `issue` creates it under the current index, and every other step writes
/// nothing. Records are never copied or merged.
///
/// Limits may change from one step to the next and then apply immediately, with one exception: a code keeps the number of
/// attempts that it was created with. A looser limit does not restore history that a tighter one has dropped.
///
/// Services that share a store and keys share the history of their numbers, so they must have the same windows: a service with
/// shorter windows would drop history that the others still need.
public protocol OTPStore: Sendable {
    /// Admits the first message of a new challenge and stores the challenge, or does neither.
    ///
    /// A live challenge with the same identifier is replaced; all others stay unchanged.
    func issue(
        _ challenge: ChallengeReference,
        code: ProtectedCode,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> IssueDecision

    /// Counts an attempt, compares it, and consumes the challenge if it is right.
    func verify(
        _ attempt: Attempt,
        of challenge: ChallengeReference,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> VerifyDecision

    /// Admits another message of a challenge, or changes nothing.
    ///
    /// A resend with another check finds no challenge: see ``ChallengeReference``.
    ///
    /// - Parameters:
    ///   - challenge: The challenge.
    ///   - code: The code that the message carries.
    ///   - number: The number.
    ///   - limits: The limits.
    /// - Returns: The admission and the code to send, or the reason of the refusal.
    /// - Throws: An error if the outcome is unknown.
    func resend(
        _ challenge: ChallengeReference,
        code: ResendCode,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> ResendDecision

    /// Undoes the accounting of a message that was definitely not sent: windows and cooldown forget it. Idempotent.
    ///
    /// The challenge of a first message is deleted, that of a resend stays. An unknown message has no effect.
    func release(_ reservation: SendReservation, for number: PhoneNumberIndexes, limits: StoreLimits) async throws

    /// Deletes a challenge in every record of the number; its messages stay counted.
    ///
    /// - Returns: Whether there was such a challenge.
    func cancel(
        _ challenge: ChallengeID,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> Bool

    /// Returns the state of a live challenge, and changes nothing.
    func status(
        of challenge: ChallengeID,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> ChallengeSnapshot?

    /// Clears all failed attempts of a number and its failure streak.
    func unlock(_ number: PhoneNumberIndexes, limits: StoreLimits) async throws
}
