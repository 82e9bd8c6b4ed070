// SPDX-License-Identifier: Apache-2.0

/// A suspended task that awaits the reply to its command, and is resumed exactly once.
///
/// Debug builds check this. The check allocates for each command, and a checked continuation hides the layout of every value that
/// contains it from the optimizer; together this costs as much as writing the command and reading its reply.
@safe struct WaitingTask: Sendable {
    typealias Reply = Result<RedisReply, RedisError>

    #if DEBUG
        private let continuation: CheckedContinuation<Reply, Never>

        /// Suspends the current task, calls a closure with it, and returns the reply with which it is resumed.
        static func reply(_ body: (WaitingTask) -> Void) async -> Reply {
            await withCheckedContinuation { body(Self(continuation: $0)) }
        }

        /// Resumes the task.
        func resume(returning reply: Reply) {
            self.continuation.resume(returning: reply)
        }
    #else
        // Safe: `PendingCommand.resolve` clears the waiter before it resumes it, and every command is resolved.
        private let continuation: UnsafeContinuation<Reply, Never>

        /// Suspends the current task, calls a closure with it, and returns the reply with which it is resumed.
        static func reply(_ body: (WaitingTask) -> Void) async -> Reply {
            // Safe: see above.
            unsafe await withUnsafeContinuation { unsafe body(Self(continuation: $0)) }
        }

        /// Resumes the task.
        func resume(returning reply: Reply) {
            // Safe: see above.
            unsafe self.continuation.resume(returning: reply)
        }
    #endif
}
