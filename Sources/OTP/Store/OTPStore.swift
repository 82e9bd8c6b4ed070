// SPDX-License-Identifier: Apache-2.0

/// A store for challenges, which also counts sends and attempts per phone number.
///
/// Every method must be one atomic step, for any number of concurrent callers and processes. A store that splits a step into a
/// read and a later write would admit more attempts than the policy allows. ``PhoneNumberState`` specifies the decision of each
/// step. `OTPStoreConformance` in the module `OTPTesting` checks a store against it. A store whose database has transactions
/// can use the specification itself and store ``PhoneNumberState/bytes``.
///
/// A store returns its decisions. It throws only if its data is not reachable or the outcome of the step is unknown. It uses
/// its own clock, and ``ClockedStore/clockEpoch()`` reports that this clock was set back. Everything that it stores must expire
/// when it no longer has an effect.
///
/// A step should complete even if its caller is cancelled. Otherwise a right code can be consumed without a result, and the user
/// needs another message. A store that interrupts a step throws `CancellationError`. All other errors count as an outage.
///
/// Every step receives all indexes of the number, and works on one record. If there are several records,
/// ``PhoneNumberIndexes/records(existing:)`` determines which one. If there is no record, `issue` creates it with the current
/// index, and every other step writes nothing. Records are never copied or merged.
///
/// Limits may change from one step to the next, and then apply immediately. There is one exception: a code keeps the number of
/// attempts that it was created with. A looser limit does not restore history that a stricter limit has dropped.
///
/// Services that share a store and keys also share the history of their numbers, so they must use the same windows. A service
/// with shorter windows would drop history that the others still need.
public protocol OTPStore: ClockedStore {
    /// Admits the first message of a new challenge and stores the challenge, or changes nothing.
    ///
    /// A live challenge with the same identifier is replaced. All other challenges stay unchanged.
    func issue(
        _ challenge: ChallengeReference,
        code: ProtectedCode,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> IssueDecision

    /// Counts an attempt, and compares it with the code.
    ///
    /// A matching attempt consumes the challenge.
    func verify(
        _ attempt: Attempt,
        of challenge: ChallengeReference,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> VerifyDecision

    /// Admits another message of a challenge, or changes nothing.
    ///
    /// A resend with another check finds no challenge, see ``ChallengeReference``.
    ///
    /// - Parameters:
    ///   - challenge: The challenge.
    ///   - code: The code that the message contains.
    ///   - number: The indexes of the phone number.
    ///   - limits: The limits.
    /// - Returns: The admission and the code to send, or the reason why there is no admission.
    /// - Throws: An error if the outcome is unknown.
    func resend(
        _ challenge: ChallengeReference,
        code: ResendCode,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> ResendDecision

    /// Undoes the accounting of a message that was definitely not sent.
    ///
    /// Windows and cooldown no longer count the message. If it was the first message of a challenge, the challenge is deleted;
    /// after a resend, the challenge stays. An unknown message has no effect, so the step is idempotent.
    func release(_ reservation: SendReservation, for number: PhoneNumberIndexes, limits: StoreLimits) async throws

    /// Deletes a challenge in every record of the number.
    ///
    /// Its messages stay counted.
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
