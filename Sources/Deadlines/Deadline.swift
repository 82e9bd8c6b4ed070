// SPDX-License-Identifier: Apache-2.0

/// Runs an operation for at most a duration.
///
/// When the duration has passed or the task is cancelled, the operation is cancelled and the function returns. The function
/// does not wait for the end of the operation, so the deadline also applies if the operation ignores cancellation.
///
/// - Parameters:
///   - duration: The maximum time that the operation may take.
///   - timers: The timers that measure the duration.
///   - operation: The operation to run.
/// - Returns: The result of the operation, or `nil` if the operation took longer or the task was cancelled.
@inlinable package func withDeadline<Result: Sendable>(
    _ duration: Duration,
    on timers: Timers = .continuous,
    _ operation: @escaping @Sendable () async -> Result
) async -> Result? {
    let promise = Promise<Result?>()
    // An operation that never suspends completes here, without a timer.
    let work = Task.immediate(executorPreference: preferredTaskExecutor) { promise.fulfill(with: await operation()) }
    if let result = promise.value { return result }
    defer { work.cancel() }
    return await promise.wait(atMost: duration, on: timers, otherwise: nil)
}
