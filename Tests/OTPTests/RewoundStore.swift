// SPDX-License-Identifier: Apache-2.0

import OTP
import OTPTesting
import Synchronization

/// A store in memory whose epoch the test sets, as if its clock had jumped.
final class RewoundStore: ForwardingStore {
    struct NoEpoch: Error {}

    let base: InMemoryOTPStore
    private let epoch = Mutex<ClockEpoch?>(.initial)
    private let names = Mutex<(counted: [ChallengeID], released: [ChallengeID])>(([], []))

    init(_ clock: ManualClock) {
        self.base = InMemoryOTPStore(clock: clock)
    }

    /// Sets the epoch; `nil` if the epoch cannot be read.
    func enter(_ epoch: ClockEpoch?) {
        self.epoch.withLock { $0 = epoch }
    }

    /// The IDs of the challenges with a counted message, in order.
    var counted: [ChallengeID] { self.names.withLock { $0.counted } }

    /// The IDs of the challenges with a released message, in order.
    var released: [ChallengeID] { self.names.withLock { $0.released } }

    func clockEpoch() async throws -> ClockEpoch {
        guard let epoch = self.epoch.withLock({ $0 }) else { throw NoEpoch() }
        return epoch
    }

    func issue(
        _ challenge: ChallengeReference,
        code: ProtectedCode,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> IssueDecision {
        self.names.withLock { $0.counted.append(challenge.id) }
        return try await self.base.issue(challenge, code: code, for: number, limits: limits)
    }

    func resend(
        _ challenge: ChallengeReference,
        code: ResendCode,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> ResendDecision {
        self.names.withLock { $0.counted.append(challenge.id) }
        return try await self.base.resend(challenge, code: code, for: number, limits: limits)
    }

    func release(_ reservation: SendReservation, for number: PhoneNumberIndexes, limits: StoreLimits) async throws {
        self.names.withLock { $0.released.append(reservation.challenge) }
        try await self.base.release(reservation, for: number, limits: limits)
    }
}
