// SPDX-License-Identifier: Apache-2.0

/// A store for challenges, which also counts sends and attempts per phone number.
///
/// Every method must be one atomic step for any number of concurrent callers and processes. Otherwise concurrent callers could
/// make more attempts than the policy allows. ``PhoneNumberState`` specifies the decision of each step, and
/// `OTPStoreConformance` in the module `OTPTesting` checks a store. A store on a database with transactions can use
/// ``PhoneNumberState`` itself, and save ``PhoneNumberState/bytes``.
///
/// If a limit refuses a step, the store returns a decision and throws no error. A store throws an error only if its data is not
/// reachable, or if the outcome of a step is unknown. A store uses its own clock. All stored data must expire when it no longer
/// has an effect.
///
/// If the caller is cancelled during a step, the store should still wait for the step and return its result. Otherwise a right
/// code could be consumed without a result for the caller. A store that interrupts a step throws `CancellationError`. All other
/// errors count as an outage.
///
/// A store keeps a record for each phone number. The name of the record is a blind index, which is a keyed hash of the
/// number. A number has one blind index for each index key in the ``KeyRing``, and every step receives all of these indexes.
/// If the number has no record, `issue` creates one under ``PhoneNumberIndexes/current``. No other step creates a record.
/// During the rotation of an index key, a number can have several records. ``PhoneNumberIndexes/records(existing:)`` chooses
/// the record for the step. Records are never copied or merged.
///
/// Limits may change from one step to the next. The new limits apply immediately, but the number of attempts for an existing
/// code does not change. A store may delete sends and failed attempts that the current limits no longer count. If the windows
/// become longer later, the deleted sends and attempts are not restored.
///
/// Services that share a store and keys must use the same windows in ``OTPLimits/sends`` and ``OTPLimits/failures``. A service
/// with shorter windows would delete sends and failed attempts that the other services still count.
public protocol OTPStore: ClockedStore {
    /// Stores a new challenge and counts its first message, if the limits admit the message.
    ///
    /// If a limit refuses the message, nothing changes. Otherwise, the new challenge replaces a live challenge with the same
    /// identifier. All other challenges remain unchanged.
    func issue(
        _ challenge: ChallengeReference,
        code: ProtectedCode,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> IssueDecision

    /// Counts an attempt, and compares the attempt with the code of the challenge.
    ///
    /// If the code is right, the challenge is consumed.
    func verify(
        _ attempt: Attempt,
        of challenge: ChallengeReference,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> VerifyDecision

    /// Counts another message of a challenge, if the limits admit the message.
    ///
    /// If the message is not admitted, nothing changes. ``ChallengeReference/check`` is a hash of the secret in the client's
    /// token, the tenant, the purpose and the context. If this hash differs from the stored hash, the challenge counts as
    /// absent.
    ///
    /// - Parameters:
    ///   - challenge: The challenge.
    ///   - code: A new code for the challenge, or ``ResendCode/same(length:keyIDs:)`` to send the current code again.
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
    /// The limits no longer count the message as a send. If the message was the first of its challenge, the challenge is
    /// deleted. A repeated call has no effect.
    func release(_ reservation: SendReservation, for number: PhoneNumberIndexes, limits: StoreLimits) async throws

    /// Deletes a challenge in every record of the number.
    ///
    /// During the rotation of an index key, a number can have several records.
    ///
    /// The limits on sends still count the messages of the deleted challenge.
    ///
    /// - Returns: Whether the challenge existed.
    func cancel(
        _ challenge: ChallengeID,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> Bool

    /// Returns the state of a live challenge, or `nil` if there is no such challenge.
    ///
    /// The call changes nothing.
    func status(
        of challenge: ChallengeID,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> ChallengeSnapshot?

    /// Stores a new challenge and counts its first message, for a client with a device token.
    ///
    /// A device token shows that the device has verified the number before. If a call of ``revokeDevices(of:)`` has revoked the
    /// token, the method returns `nil` and changes nothing. If the token is not revoked, the method does the same as
    /// ``issue(_:code:for:limits:)``.
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

    /// Counts another message of a challenge, for a client with a device token.
    ///
    /// A device token shows that the device has verified the number before. If a call of ``revokeDevices(of:)`` has revoked the
    /// token, the method returns `nil` and changes nothing. If the token is not revoked, the method does the same as
    /// ``resend(_:code:for:limits:)``.
    ///
    /// - Parameters:
    ///   - challenge: The challenge.
    ///   - code: A new code for the challenge, or ``ResendCode/same(length:keyIDs:)`` to send the current code again.
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
    /// The store keeps the time of the revocation under every index of the number. It keeps the time for at least 400 days,
    /// because no device token lives longer. A later call never replaces this time by an earlier time.
    ///
    /// A store that implements this method must also implement ``issue(_:code:for:limits:device:)`` and
    /// ``resend(_:code:for:limits:device:)``. The default implementation throws an error.
    ///
    /// - Parameter number: The indexes of the phone number.
    /// - Throws: An error if the outcome is unknown.
    func revokeDevices(of number: PhoneNumberIndexes) async throws

    /// Clears the failed attempts of a number, so that these attempts no longer cause a refusal.
    func unlock(_ number: PhoneNumberIndexes, limits: StoreLimits) async throws
}
