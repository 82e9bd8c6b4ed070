/// The result of an operation, or `nil` if it takes longer than a duration or the task is cancelled.
///
/// The operation is then cancelled and left to itself: this holds even for one that ignores cancellation.
package func withDeadline<Result: Sendable>(
    _ duration: Duration,
    clock: any Clock<Duration>,
    _ operation: @escaping @Sendable () async -> Result
) async -> Result? {
    let (results, continuation) = AsyncStream<Result?>.makeStream(bufferingPolicy: .bufferingOldest(1))
    let work = Task { continuation.yield(await operation()) }
    let timer = Task {
        try await clock.sleep(for: duration)
        continuation.yield(nil)
    }
    defer {
        work.cancel()
        timer.cancel()
    }
    for await result in results { return result }
    return nil
}
