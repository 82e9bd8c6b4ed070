// SPDX-License-Identifier: Apache-2.0

/// A suspended task that waits for the reply to its command.
///
/// The task must be resumed exactly once. Only debug builds check this rule, because the check is expensive.
@safe struct WaitingTask: Sendable {
    typealias Reply = Result<RedisReply, RedisError>

    #if DEBUG
        private let continuation: CheckedContinuation<Reply, Never>

        /// Suspends the current task until its reply arrives, and returns the reply.
        ///
        /// The closure receives the suspended task.
        static func reply(_ body: (WaitingTask) -> Void) async -> Reply {
            await withCheckedContinuation { body(Self(continuation: $0)) }
        }

        /// Resumes the task.
        func resume(returning reply: Reply) {
            self.continuation.resume(returning: reply)
        }
    #else
        // Safe: every command is resolved, and `PendingCommand.resolve` clears the waiter before it resumes the task.
        private let continuation: UnsafeContinuation<Reply, Never>

        /// Suspends the current task until its reply arrives, and returns the reply.
        ///
        /// The closure receives the suspended task.
        static func reply(_ body: (WaitingTask) -> Void) async -> Reply {
            // Safe: see the comment on `continuation`.
            unsafe await withUnsafeContinuation { unsafe body(Self(continuation: $0)) }
        }

        /// Resumes the task.
        func resume(returning reply: Reply) {
            // Safe: see the comment on `continuation`.
            unsafe self.continuation.resume(returning: reply)
        }
    #endif
}
