// SPDX-License-Identifier: Apache-2.0

/// A store for challenges, which also counts sends and attempts per phone number.
///
/// Every method must be one atomic step for any number of concurrent callers and processes. Otherwise concurrent callers could
/// make more attempts than the policy allows. ``PhoneNumberState`` specifies the decision of each step, and
/// `OTPStoreConformance` in the module `OTPTesting` checks a store. A store on a database with transactions can use
/// ``PhoneNumberState`` itself, and save ``PhoneNumberState/bytes``.
///
/// A store returns a refusal as a decision. It throws an error only if its data is not reachable, or if the outcome of a step
/// is unknown. A store uses its own clock. All stored data must expire when it no longer has an effect.
///
/// A step should complete even if its caller is cancelled. Otherwise a right code could be consumed without a result. A store
/// that interrupts a step throws `CancellationError`. All other errors count as an outage.
///
/// A number has one blind index for each index key in the key ring. Every step receives all of these indexes, and uses one
/// record. ``PhoneNumberIndexes/records(existing:)`` chooses this record. If the number has no record, `issue` creates one under
/// the current index, and all other steps write nothing. Records are never copied or merged.
///
/// Limits may change from one step to the next. The new limits apply immediately, but the number of attempts for an existing
/// code does not change. A looser limit does not restore history that was dropped under the stricter limit.
///
/// Services that share a store and keys must use the same windows. A service with shorter windows would drop history that the
/// other services still need.
public protocol OTPStore: ClockedStore {
    /// Admits the first message of a new challenge, or changes nothing.
    ///
    /// A live challenge with the same identifier is replaced. All other challenges remain unchanged.
    func issue(
        _ challenge: ChallengeReference,
        code: ProtectedCode,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> IssueDecision

    /// Counts an attempt, and compares it with the code.
    ///
    /// If the code is right, the challenge is consumed.
    func verify(
        _ attempt: Attempt,
        of challenge: ChallengeReference,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> VerifyDecision

    /// Admits another message of a challenge, or changes nothing.
    ///
    /// If ``ChallengeReference/check`` differs from the stored value, the challenge counts as absent.
    ///
    /// - Parameters:
    ///   - challenge: The challenge.
    ///   - code: The code for the message.
    ///   - number: The indexes of the phone number.
    ///   - limits: The limits.
    /// - Returns: The admission and the code to send, or the reason why the message is not admitted.
    /// - Throws: An error if the outcome is unknown.
    func resend(
        _ challenge: ChallengeReference,
        code: ResendCode,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> ResendDecision

    /// Undoes the accounting of a message that was definitely not sent.
    ///
    /// Windows and cooldown no longer count the message. If the message was the first of its challenge, the challenge is
    /// deleted. The step is idempotent.
    func release(_ reservation: SendReservation, for number: PhoneNumberIndexes, limits: StoreLimits) async throws

    /// Deletes a challenge in every record of the number.
    ///
    /// The messages of the challenge are still counted.
    ///
    /// - Returns: Whether the challenge existed.
    func cancel(
        _ challenge: ChallengeID,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> Bool

    /// Returns the state of a live challenge without changing it, or `nil` if there is no such challenge.
    func status(
        of challenge: ChallengeID,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> ChallengeSnapshot?

    /// Admits the first message of a new challenge for a known device, or changes nothing.
    ///
    /// The step is the same as ``issue(_:code:for:limits:)``, unless a call of ``revokeDevices(of:)`` has revoked the device
    /// token.
    ///
    /// - Parameters:
    ///   - challenge: The challenge.
    ///   - code: The code of the challenge.
    ///   - number: The indexes of the phone number.
    ///   - limits: The limits.
    ///   - issuedAt: The time at which the device token was issued.
    /// - Returns: The decision; `nil` if the token was revoked.
    /// - Throws: An error if the outcome is unknown.
    func issue(
        _ challenge: ChallengeReference,
        code: ProtectedCode,
        for number: PhoneNumberIndexes,
        limits: StoreLimits,
        device issuedAt: StoreTime
    ) async throws -> IssueDecision?

    /// Admits another message of a challenge for a known device, or changes nothing.
    ///
    /// The step is the same as ``resend(_:code:for:limits:)``, unless a call of ``revokeDevices(of:)`` has revoked the device
    /// token.
    ///
    /// - Parameters:
    ///   - challenge: The challenge.
    ///   - code: The code for the message.
    ///   - number: The indexes of the phone number.
    ///   - limits: The limits.
    ///   - issuedAt: The time at which the device token was issued.
    /// - Returns: The decision; `nil` if the token was revoked.
    /// - Throws: An error if the outcome is unknown.
    func resend(
        _ challenge: ChallengeReference,
        code: ResendCode,
        for number: PhoneNumberIndexes,
        limits: StoreLimits,
        device issuedAt: StoreTime
    ) async throws -> ResendDecision?

    /// Revokes all device tokens that were issued for a number before the call.
    ///
    /// The store remembers the time of the revocation under every index of the number, for at least 400 days. A later call
    /// never replaces this time by an earlier time. A store that implements this method must also implement
    /// ``issue(_:code:for:limits:device:)`` and ``resend(_:code:for:limits:device:)``. The default implementation throws an
    /// error.
    ///
    /// - Parameter number: The indexes of the phone number.
    /// - Throws: An error if the outcome is unknown.
    func revokeDevices(of number: PhoneNumberIndexes) async throws

    /// Clears the failed attempts and the failure streak of a number.
    func unlock(_ number: PhoneNumberIndexes, limits: StoreLimits) async throws
}
