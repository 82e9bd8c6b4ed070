// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The connections to one server, one per event loop.
///
/// All connections use the same NAT or load balancer, which drops idle connections together. When one connection is checked
/// after a long idle time, the other idle connections are checked in the same tick. Their next callers then need not wait for a
/// check.
final class RedisConnectionSet: Sendable {
    private struct Member: Sendable {
        weak var connection: RedisConnection?
    }

    private let members = Mutex<[Member]>([])

    func set(_ connections: [RedisConnection]) {
        let members = connections.map { Member(connection: $0) }
        self.members.withLock { $0 = members }
    }

    /// Checks all connections except one, if they have been idle for too long.
    func checkHealth(except origin: RedisConnection) {
        for member in self.members.withLock({ $0 }) {
            guard let connection = member.connection, connection !== origin else { continue }
            connection.checkHealthIfIdle()
        }
    }
}
