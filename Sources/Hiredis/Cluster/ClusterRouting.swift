// SPDX-License-Identifier: Apache-2.0

import Deadlines
import NIOCore

/// The state of a command in a cluster client: its redirections, retries and deadline.
struct ClusterRouting {
    /// The end of the command timeout, which begins when the caller submits the command.
    let deadline: NIODeadline
    /// Whether a cancelled caller stops waiting for the reply.
    let isCancellable: Bool
    /// Whether the connection must also enforce ``deadline``.
    ///
    /// The value is `true` after a retry or a redirection. The next connection starts a new command timeout, which would end
    /// after ``deadline``.
    var isLate = false
    /// The target of the last redirection; `nil` if the slot map determines the target.
    var next: ClusterTarget?
    /// The number of consecutive redirections.
    var redirections = 0

    private static let backoff = Backoff(base: .milliseconds(5), maximum: .milliseconds(320), jitter: .half)

    private var delays = 0

    init(timeout: Duration, isCancellable: Bool) {
        self.deadline = .now() + TimeAmount(bounding: timeout)
        self.isCancellable = isCancellable
    }

    var hasTimeLeft: Bool { NIODeadline.now() < self.deadline }

    /// Returns the end of the next back-off delay, but not later than ``deadline``.
    ///
    /// The delay starts at 5 ms and doubles each time, up to 320 ms. Jitter reduces each delay by up to half.
    mutating func nextDelay() -> NIODeadline {
        self.delays += 1
        return min(self.deadline, .now() + TimeAmount(Self.backoff.delay(afterFailures: self.delays)))
    }
}

/// The target of a command: a node, and whether to send `ASKING` before the command.
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
