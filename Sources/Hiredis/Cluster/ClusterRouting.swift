// SPDX-License-Identifier: Apache-2.0

import Deadlines
import NIOCore

/// The progress of a command through a cluster, with its redirections, retries and deadline.
struct ClusterRouting {
    /// The end of the command timeout, which begins when the command is first submitted.
    let deadline: NIODeadline
    /// Whether a cancelled caller stops waiting for the reply.
    let isCancellable: Bool
    /// Whether part of the timeout may have elapsed before the command is submitted to a connection.
    ///
    /// If so, ``deadline`` limits the command, because a connection gives every command the whole timeout.
    var isLate = false
    /// The target of the last redirection; `nil` if the slot map determines the target.
    var next: ClusterTarget?
    /// The number of redirections since the cluster last rejected the command for another reason.
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
    /// The delay starts at 5 ms and doubles each time, up to 320 ms. Jitter shortens each delay by up to half.
    mutating func nextDelay() -> NIODeadline {
        self.delays += 1
        return min(self.deadline, .now() + TimeAmount(Self.backoff.delay(afterFailures: self.delays)))
    }
}

/// The node for a command, and whether `ASKING` precedes the command.
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
