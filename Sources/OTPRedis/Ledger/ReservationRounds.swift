// SPDX-License-Identifier: Apache-2.0

import Deadlines
import SendGuard
import Synchronization

/// Collects sends that begin at the same time into rounds, so that the sends of a round share script calls.
///
/// The task of the first send yields to the other tasks of its executor, and then starts the round with all sends that have
/// joined. On an event loop, these are the sends of one tick. A round does not wait for the replies of earlier rounds. Each
/// executor has its own rounds, so that a busy executor delays only its own tasks.
final class ReservationRounds: Sendable {
    /// The maximum number of sends in a round.
    ///
    /// Redis runs no other command during the script call for a round. The maximum limits the duration of the call.
    static let mostSends = 32

    private let waiting = Mutex<[ObjectIdentifier?: [PendingReservation]]>([:])

    /// Adds a send to a round.
    ///
    /// - Returns: All sends of the round if this send is the first of the round; otherwise `nil`.
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
            // If more sends have joined, the first of the remaining sends starts the next round.
            let rest = sends.dropFirst(Self.mostSends)
            waiting[executor] = rest.isEmpty ? nil : Array(rest)
            return Array(sends.prefix(Self.mostSends))
        }
    }
}
