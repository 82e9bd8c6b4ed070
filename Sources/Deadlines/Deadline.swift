// SPDX-License-Identifier: Apache-2.0

/// Runs an operation with a timeout.
///
/// After the timeout, or when the task is cancelled, the function cancels the operation and returns immediately. It does not
/// wait for an operation that ignores cancellation.
///
/// - Parameters:
///   - duration: The timeout.
///   - timers: The timers that measure the timeout.
///   - operation: The operation to run.
/// - Returns: The result of the operation; `nil` after a timeout or a cancellation.
@inlinable package func withDeadline<Result: Sendable>(
    _ duration: Duration,
    on timers: Timers = .continuous,
    _ operation: @escaping @Sendable () async -> Result
) async -> Result? {
    let promise = Promise<Result?>()
    // An operation that never suspends completes immediately, and needs no timer.
    let work = Task.immediate(executorPreference: preferredTaskExecutor) { promise.fulfill(with: await operation()) }
    if let result = promise.value { return result }
    defer { work.cancel() }
    return await promise.wait(atMost: duration, on: timers, otherwise: nil)
}
