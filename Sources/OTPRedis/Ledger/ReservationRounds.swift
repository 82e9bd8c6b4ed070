// SPDX-License-Identifier: Apache-2.0

import Deadlines
import SendGuard
import Synchronization

/// Gathers the sends that begin at the same time, so that they are decided together.
///
/// The first send of a round yields to the tasks that are ready on its executor, and then takes all sends that have joined the
/// round. On an event loop, these are the sends of one tick. No send waits for the reply to a send of an earlier round. The
/// rounds of different executors are separate, so that a busy executor delays only its own tasks.
final class ReservationRounds: Sendable {
    /// The largest number of sends of a round.
    ///
    /// While Redis decides about a round, all other commands wait, and the client prepares the next round. The maximum limits
    /// this wait.
    static let mostSends = 32

    private let waiting = Mutex<[ObjectIdentifier?: [PendingReservation]]>([:])

    /// Adds a send to a round.
    ///
    /// - Returns: The sends of the round, if the send is the first of the round. Otherwise `nil`, because the task of the first
    ///   send takes all sends of the round.
    func join(_ send: PendingReservation) async -> [PendingReservation]? {
        let executor = preferredTaskExecutor.map { ObjectIdentifier($0) }
        let isFirst = self.waiting.withLock { waiting in
            waiting[executor, default: []].append(send)
            return (waiting[executor]?.count ?? 0) % Self.mostSends == 1
        }
        guard isFirst else { return nil }
        await Task.yield()
        return self.waiting.withLock { waiting in
            let sends = waiting[executor] ?? []
            // If more sends have joined, the first of the remaining sends takes the next round.
            let rest = sends.dropFirst(Self.mostSends)
            waiting[executor] = rest.isEmpty ? nil : Array(rest)
            return Array(sends.prefix(Self.mostSends))
        }
    }
}
