public import NIOCore

/// Runs tasks on the thread of an event loop.
///
/// A task that prefers it, and uses a ``RedisClient`` with that event loop, sends commands and gets its replies without
/// a change of thread, which costs more than everything else that the client does for a command:
///
/// ```swift
/// let executor = EventLoopTaskExecutor(eventLoopGroup.next())
/// try await withTaskExecutorPreference(executor) {
///     _ = try await client.send("PING")
/// }
/// ```
///
/// The event loop serves nothing else while such a task computes, so a task that computes for long does not belong there.
/// The event loop must be running for as long as there are such tasks: one that has been shut down never resumes them.
public final class EventLoopTaskExecutor: TaskExecutor {
    private let eventLoop: any EventLoop

    /// Creates an executor of the tasks that prefer it.
    ///
    /// - Parameter eventLoop: Where they run; one of the group that the client was created with.
    public init(_ eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    /// Runs a part of a task, soon and on the event loop.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        self.eventLoop.execute {
            // Safe: the closure keeps the executor alive while the job runs.
            unsafe job.runSynchronously(on: self.asUnownedTaskExecutor())
        }
    }
}
