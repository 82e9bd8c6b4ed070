public import Synchronization

/// The result of an operation, or `nil` if it takes longer than a duration or the task is cancelled.
///
/// The operation is then cancelled and left to itself: this holds even for one that ignores cancellation.
@inlinable package func withDeadline<Result: Sendable>(
    _ duration: Duration,
    on alarms: Alarms = .continuous,
    _ operation: @escaping @Sendable () async -> Result
) async -> Result? {
    let race = Race<Result>()
    // Begins here and now; one that does not wait for anything is over with that.
    let work = Task.immediate(executorPreference: preferredTaskExecutor) { race.end(with: await operation()) }
    if let result = race.earlyResult { return result }
    let alarm = alarms.set(after: duration) { race.end(with: nil) }
    defer {
        work.cancel()
        alarms.cancel(alarm)
    }
    return await withTaskCancellationHandler {
        await race.result()
    } onCancel: {
        race.end(with: nil)
    }
}

/// What ends first: an operation, its deadline, or the wish for it.
@usableFromInline final class Race<Result: Sendable>: Sendable {
    @usableFromInline enum State {
        case running(CheckedContinuation<Result?, Never>?)
        case ended(Result?)
    }

    @usableFromInline let state = Mutex(State.running(nil))

    @inlinable init() {}

    @inlinable var earlyResult: Result? {
        self.state.withLock { state in
            if case .ended(let result) = state { result } else { nil }
        }
    }

    @inlinable func result() async -> Result? {
        await withCheckedContinuation { continuation in
            let early: Result?? = self.state.withLock { state in
                if case .ended(let result) = state { return .some(result) }
                state = .running(continuation)
                return .none
            }
            if let early { continuation.resume(returning: early) }
        }
    }

    @inlinable func end(with result: Result?) {
        let waiter = self.state.withLock { state -> CheckedContinuation<Result?, Never>? in
            guard case .running(let waiter) = state else { return nil }
            state = .ended(result)
            return waiter
        }
        waiter?.resume(returning: result)
    }
}
