import NIOCore

/// How far a command has come on its way through a cluster.
struct ClusterRouting {
    /// When its time is over, from its first submission on.
    let deadline: NIODeadline
    /// Whether time has passed already, so that the connection's own timeout would come too late.
    var isLate = false
    /// Where a node has sent it.
    var next: ClusterTarget?
    /// How often it was sent elsewhere, since it last waited.
    var redirections = 0
    /// Why it could not be sent, if it could not.
    var failure: RedisError?

    private var pauses = 0

    init(timeout: Duration) {
        self.deadline = .now() + TimeAmount(bounding: timeout)
    }

    var hasTimeLeft: Bool { NIODeadline.now() < self.deadline }

    /// When the next pause ends: after 5 ms, and twice as long each time up to 320 ms, less up to half of it.
    mutating func nextPause() -> NIODeadline {
        let longest = Int64(5_000 << min(self.pauses, 6))
        self.pauses += 1
        return min(self.deadline, .now() + .microseconds(.random(in: (longest / 2)...longest)))
    }
}

/// A node, and how to speak to it.
struct ClusterTarget {
    let node: RedisNode
    /// Whether the node was named for one command only, and must be told so.
    let asking: Bool

    func result(of command: RedisCommand, deadline: NIODeadline?) async -> Result<RedisReply, RedisError> {
        do throws(RedisError) {
            return .success(try await self.node.perform(command, asking: self.asking, deadline: deadline))
        } catch {
            return .failure(error)
        }
    }
}
