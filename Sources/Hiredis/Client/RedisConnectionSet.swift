import Synchronization

/// The connections to one server, one for each event loop.
///
/// All go through the same NAT or load balancer, which forgets them together. So when one of them is examined after a long time
/// without traffic, the others are examined in the same moment, and no later caller waits for it.
final class RedisConnectionSet: Sendable {
    private struct Member: Sendable {
        weak var connection: RedisConnection?
    }

    private let members = Mutex<[Member]>([])

    func set(_ connections: [RedisConnection]) {
        let members = connections.map { Member(connection: $0) }
        self.members.withLock { $0 = members }
    }

    /// Examines the other connections that were idle for too long.
    func examine(except origin: RedisConnection) {
        for member in self.members.withLock({ $0 }) {
            guard let connection = member.connection, connection !== origin else { continue }
            connection.examineIfIdle()
        }
    }
}
