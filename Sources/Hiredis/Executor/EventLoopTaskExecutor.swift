public import NIOCore
import Synchronization

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
    /// Parts of tasks that wait for their turn, and whether the event loop was asked for one.
    private struct Queue: Sendable {
        var jobs: [UnownedJob] = []
        var isTurnAskedFor = false
    }

    private let eventLoop: any EventLoop
    private let queue = Mutex(Queue())

    /// Creates an executor of the tasks that prefer it.
    ///
    /// - Parameter eventLoop: Where they run; one of the group that the client was created with.
    public init(_ eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    /// Runs a part of a task, soon and on the event loop.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let mustAsk = self.queue.withLock { queue in
            queue.jobs.append(job)
            defer { queue.isTurnAskedFor = true }
            return !queue.isTurnAskedFor
        }
        if mustAsk { self.eventLoop.execute { self.runJobs() } }
    }

    /// Runs what waits by now in one turn of the event loop, as the replies of one read have made it ready to go on.
    private func runJobs() {
        let jobs = self.queue.withLock { queue in
            defer { queue.jobs = [] }
            queue.isTurnAskedFor = false
            return queue.jobs
        }
        for job in jobs {
            // Safe: the closure that calls this keeps the executor alive while the jobs run.
            unsafe job.runSynchronously(on: self.asUnownedTaskExecutor())
        }
    }
}
