import Synchronization

/// The moment passed before the work was done.
struct DeadlineExceeded: Error {}

/// Runs some work, and gives up on it at a deadline.
///
/// Unlike a task group it does not wait for work that ignores its cancellation: the deadline holds in any case.
func withDeadline<Value: Sendable>(
    _ deadline: ContinuousClock.Instant,
    _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    let race = Race<Value>()
    return try await withTaskCancellationHandler {
        try await withCheckedThrowingContinuation { continuation in
            race.start(
                continuation,
                work: Task {
                    do {
                        race.finish(.success(try await work()))
                    } catch {
                        race.finish(.failure(error))
                    }
                },
                timer: Task {
                    try await Task.sleep(until: deadline, clock: .continuous)
                    race.finish(.failure(DeadlineExceeded()))
                }
            )
        }
    } onCancel: {
        race.finish(.failure(CancellationError()))
    }
}

/// Whichever finishes first gives the result.
private final class Race<Value: Sendable>: Sendable {
    private struct State {
        var continuation: CheckedContinuation<Value, any Error>?
        var result: Result<Value, any Error>?
        var tasks: [Task<Void, any Error>] = []
    }

    private let state = Mutex(State())

    func start(
        _ continuation: CheckedContinuation<Value, any Error>,
        work: Task<Void, any Error>,
        timer: Task<Void, any Error>
    ) {
        let early: Result<Value, any Error>? = self.state.withLock { state in
            if state.result == nil {
                state.continuation = continuation
                state.tasks = [work, timer]
            }
            return state.result
        }
        if let early {
            work.cancel()
            timer.cancel()
            continuation.resume(with: early)
        }
    }

    func finish(_ result: Result<Value, any Error>) {
        let (continuation, tasks) = self.state.withLock { state in
            guard state.result == nil else { return (CheckedContinuation<Value, any Error>?.none, state.tasks) }
            state.result = result
            defer { state.continuation = nil }
            return (state.continuation, state.tasks)
        }
        for task in tasks { task.cancel() }
        continuation?.resume(with: result)
    }
}
