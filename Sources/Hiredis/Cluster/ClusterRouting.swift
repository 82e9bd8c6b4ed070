// SPDX-License-Identifier: Apache-2.0

import Deadlines
import NIOCore

/// The state of a command on its way through a cluster: redirections, retries and the deadline.
struct ClusterRouting {
    /// The end of the command timeout, counted from the first submission.
    let deadline: NIODeadline
    /// Whether a cancelled caller stops waiting.
    let isCancellable: Bool
    /// Whether part of the timeout has elapsed, so that the connection's own deadline would be too late.
    var isLate = false
    /// The target of a redirection.
    var next: ClusterTarget?
    /// The redirections since the last delay.
    var redirections = 0

    private static let backoff = Backoff(base: .milliseconds(5), maximum: .milliseconds(320), jitter: .half)

    private var delays = 0

    init(timeout: Duration, isCancellable: Bool) {
        self.deadline = .now() + TimeAmount(bounding: timeout)
        self.isCancellable = isCancellable
    }

    var hasTimeLeft: Bool { NIODeadline.now() < self.deadline }

    /// Returns the end of the next back-off delay: 5 ms, doubled each time up to 320 ms, minus a jitter of up to half.
    mutating func nextDelay() -> NIODeadline {
        self.delays += 1
        return min(self.deadline, .now() + TimeAmount(Self.backoff.delay(afterFailures: self.delays)))
    }
}

/// A node, and whether an `ASKING` precedes the command.
struct ClusterTarget {
    let node: RedisNode
    let asking: Bool

    func result(of command: RedisCommand, deadline: NIODeadline?) async -> Result<RedisReply, RedisError> {
        do throws(RedisError) {
            return .success(try await self.node.perform(command, asking: self.asking, deadline: deadline))
        } catch {
            return .failure(error)
        }
    }
}
