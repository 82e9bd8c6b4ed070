// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The connections to one server, one per event loop.
///
/// A NAT or load balancer drops all idle connections to a server at about the same time. When one connection is checked after a
/// long idle time, the other idle connections are therefore also checked. The next commands on these connections then need not
/// wait for a check.
final class RedisConnectionSet: Sendable {
    private struct Member: Sendable {
        weak var connection: RedisConnection?
    }

    private let members = Mutex<[Member]>([])

    func set(_ connections: [RedisConnection]) {
        let members = connections.map { Member(connection: $0) }
        self.members.withLock { $0 = members }
    }

    /// Checks all connections, except one, that have been idle for too long.
    func checkHealth(except origin: RedisConnection) {
        for member in self.members.withLock({ $0 }) {
            guard let connection = member.connection, connection !== origin else { continue }
            connection.checkHealthIfIdle()
        }
    }
}
