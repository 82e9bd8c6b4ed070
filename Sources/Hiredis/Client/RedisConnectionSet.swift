// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The connections to one server, one per event loop.
///
/// NATs and load balancers drop idle connections at about the same time. Therefore, when one connection is checked after a long
/// idle time, all other idle connections are checked too.
final class RedisConnectionSet: Sendable {
    private struct Member: Sendable {
        weak var connection: RedisConnection?
    }

    private let members = Mutex<[Member]>([])

    func set(_ connections: [RedisConnection]) {
        let members = connections.map { Member(connection: $0) }
        self.members.withLock { $0 = members }
    }

    /// Checks all other connections that have been idle for too long.
    func checkHealth(except origin: RedisConnection) {
        for member in self.members.withLock({ $0 }) {
            guard let connection = member.connection, connection !== origin else { continue }
            connection.checkHealthIfIdle()
        }
    }
}
