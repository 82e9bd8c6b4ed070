// SPDX-License-Identifier: Apache-2.0

public import NIOCore
import Synchronization

/// A task executor that runs tasks on the thread of an event loop.
///
/// A task on the event loop of its Redis connection needs no thread hops. A thread hop costs more than all other work of the
/// client for a command. Use an event loop from the event loop group that you pass to the store (`RedisOTPStore`):
///
/// ```swift
/// let executor = EventLoopTaskExecutor(eventLoopGroup.next())
/// try await withTaskExecutorPreference(executor) {
///     let proof = try await service.verify(code, for: number, token: token, purpose: .signIn)
/// }
/// ```
///
/// Do not run long computations on the executor, because they block the event loop. Do not shut down the event loop before all
/// tasks of the executor have ended, because these tasks would never resume.
public final class EventLoopTaskExecutor: TaskExecutor {
    /// The jobs of the next event-loop tick, and whether this tick is scheduled.
    private struct Queue: Sendable {
        var jobs: [UnownedJob] = []
        var isScheduled = false
    }

    private let eventLoop: any EventLoop
    private let queue = Mutex(Queue())

    /// Creates an executor.
    ///
    /// - Parameter eventLoop: An event loop from the event loop group of the store.
    public init(_ eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    /// Schedules a job on the event loop.
    ///
    /// - Parameter job: The job.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let mustSchedule = self.queue.withLock { queue in
            queue.jobs.append(job)
            defer { queue.isScheduled = true }
            return !queue.isScheduled
        }
        if mustSchedule { self.eventLoop.execute { self.runJobs() } }
    }

    /// Runs all queued jobs in one event-loop tick.
    ///
    /// One network read often contains the replies for many tasks, so that many jobs are queued at once.
    private func runJobs() {
        let jobs = self.queue.withLock { queue in
            defer { queue.jobs = [] }
            queue.isScheduled = false
            return queue.jobs
        }
        for job in jobs {
            // Safe: the closure that calls this method keeps the executor alive while the jobs run.
            unsafe job.runSynchronously(on: self.asUnownedTaskExecutor())
        }
    }
}
