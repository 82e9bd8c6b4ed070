// SPDX-License-Identifier: Apache-2.0

/// Runs an operation for a duration at most.
///
/// When the time is up or the task is cancelled, the operation is cancelled and no longer awaited, so the deadline holds even
/// for an operation that ignores cancellation.
///
/// - Parameters:
///   - duration: The longest time that the operation may take.
///   - timers: The timers that measure it.
///   - operation: The operation.
/// - Returns: Its result; `nil` if the operation took longer or the task was cancelled.
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
