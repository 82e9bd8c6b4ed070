// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// A command that awaits a reply, with the receiver of the reply.
struct PendingCommand: Sendable {
    /// The receiver of the reply.
    enum Waiter: Sendable {
        case task(WaitingTask)
        case promise(EventLoopPromise<RedisReply>)
        /// No receiver, because the caller has already resumed, or because no caller needs the reply.
        ///
        /// Replies have no ID, and are matched to commands by their order. Therefore the command remains in the queue until its
        /// reply arrives.
        case nobody
        /// No receiver, because the caller was cancelled.
        ///
        /// The command still counts toward the limits on commands in flight (``CommandLoad``) until its reply arrives. A
        /// command that has not been sent counts until it is removed from its ``CommandBatch``.
        case gone(CommandLoad)
    }

    let id: UInt64
    /// The number of bytes of the encoded command.
    let length: Int
    var deadline: NIODeadline
    /// Whether a reply to `ASKING` must still arrive before the reply to the command.
    var followsAsking: Bool
    private var waiter: Waiter

    init(
        id: UInt64,
        length: Int,
        deadline: NIODeadline = .distantFuture,
        followsAsking: Bool = false,
        waiter: Waiter
    ) {
        self.id = id
        self.length = length
        self.deadline = deadline
        self.followsAsking = followsAsking
        self.waiter = waiter
    }

    var isAbandoned: Bool {
        switch self.waiter {
        case .nobody, .gone: true
        case .task, .promise: false
        }
    }

    /// Fails the caller, and counts the command in `load`.
    ///
    /// The next call of ``resolve(_:)`` removes the command from the count.
    mutating func abandon(with error: RedisError, countedIn load: CommandLoad) {
        load.hold(bytes: self.length)
        self.resolve(.failure(error))
        self.waiter = .gone(load)
    }

    /// Resumes the caller, at most once.
    ///
    /// If the caller was cancelled, it has already resumed. The method then only stops counting the command in the
    /// ``CommandLoad``.
    mutating func resolve(_ result: Result<RedisReply, RedisError>) {
        let waiter = self.waiter
        self.waiter = .nobody
        switch waiter {
        case .task(let task): task.resume(returning: result)
        case .promise(let promise): promise.completeWith(result.mapError { $0 })
        case .gone(let load): load.release(bytes: self.length)
        case .nobody: break
        }
    }
}
