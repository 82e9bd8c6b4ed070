// SPDX-License-Identifier: Apache-2.0

import Deadlines
import NIOCore

/// The progress of a command through a cluster, with its redirections, retries and deadline.
struct ClusterRouting {
    /// The end of the command timeout, which starts when the command is first submitted.
    let deadline: NIODeadline
    /// Whether a cancelled caller stops waiting.
    let isCancellable: Bool
    /// Whether part of the timeout has already elapsed.
    ///
    /// If so, the command must end by ``deadline``, because the connection would allow it the whole timeout again.
    var isLate = false
    /// The target of the last redirection.
    var next: ClusterTarget?
    /// The number of redirections since the last delay.
    var redirections = 0

    private static let backoff = Backoff(base: .milliseconds(5), maximum: .milliseconds(320), jitter: .half)

    private var delays = 0

    init(timeout: Duration, isCancellable: Bool) {
        self.deadline = .now() + TimeAmount(bounding: timeout)
        self.isCancellable = isCancellable
    }

    var hasTimeLeft: Bool { NIODeadline.now() < self.deadline }

    /// Returns the end of the next back-off delay.
    ///
    /// The delay starts at 5 ms and doubles each time, up to 320 ms. A random jitter of up to half is subtracted.
    mutating func nextDelay() -> NIODeadline {
        self.delays += 1
        return min(self.deadline, .now() + TimeAmount(Self.backoff.delay(afterFailures: self.delays)))
    }
}

/// The node that a command is sent to, and whether `ASKING` precedes the command.
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
