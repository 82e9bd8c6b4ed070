/// A task that waits for the reply to its command, to be resumed exactly once; while the event loop runs, it is.
///
/// Builds for debugging check that. To check takes a block of memory for each command, and makes the layout of every value
/// that holds one unknown to the compiler: together it costs as much as writing the command and reading its reply.
@safe struct WaitingTask: Sendable {
    typealias Reply = Result<RedisReply, RedisError>

    #if DEBUG
        private let continuation: CheckedContinuation<Reply, Never>

        /// Calls a closure with the task that runs this, and waits until that is resumed.
        static func reply(_ body: (WaitingTask) -> Void) async -> Reply {
            await withCheckedContinuation { body(Self(continuation: $0)) }
        }

        /// Lets the task go on with what came of its command.
        func resume(returning reply: Reply) {
            self.continuation.resume(returning: reply)
        }
    #else
        // Safe: the command that has it gives it up when it answers, and no command is dropped without an answer.
        private let continuation: UnsafeContinuation<Reply, Never>

        /// Calls a closure with the task that runs this, and waits until that is resumed.
        static func reply(_ body: (WaitingTask) -> Void) async -> Reply {
            // Safe: see above.
            unsafe await withUnsafeContinuation { unsafe body(Self(continuation: $0)) }
        }

        /// Lets the task go on with what came of its command.
        func resume(returning reply: Reply) {
            // Safe: see above.
            unsafe self.continuation.resume(returning: reply)
        }
    #endif
}
