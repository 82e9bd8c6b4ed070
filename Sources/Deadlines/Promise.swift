// SPDX-License-Identifier: Apache-2.0

public import Synchronization

/// A value that is delivered once, and for which one task can wait.
///
/// Only the first delivery has an effect. For example, a wait with a timeout uses a promise that the result, the timeout and a
/// cancellation can each fulfill.
@usableFromInline package final class Promise<Value: Sendable>: Sendable {
    @usableFromInline enum State {
        case pending(CheckedContinuation<Value, Never>?)
        case fulfilled(Value)
    }

    @usableFromInline let state = Mutex(State.pending(nil))

    /// Creates a promise without a value.
    @inlinable package init() {}

    /// The value; `nil` before it has been delivered.
    @inlinable package var value: Value? {
        self.state.withLock { state in
            if case .fulfilled(let value) = state { value } else { nil }
        }
    }

    /// Delivers the value.
    ///
    /// - Parameter value: The value.
    /// - Returns: Whether this was the first delivery. Later deliveries have no effect.
    @discardableResult
    @inlinable package func fulfill(with value: Value) -> Bool {
        let (isFirst, waiter) = self.state.withLock { state -> (Bool, CheckedContinuation<Value, Never>?) in
            guard case .pending(let waiter) = state else { return (false, nil) }
            state = .fulfilled(value)
            return (true, waiter)
        }
        waiter?.resume(returning: value)
        return isFirst
    }

    /// Waits for the value, even if the task is cancelled.
    ///
    /// Only one task may wait, and only once.
    @inlinable package func wait() async -> Value {
        await withCheckedContinuation { continuation in
            let value: Value? = self.state.withLock { state in
                switch state {
                case .fulfilled(let value):
                    return value
                case .pending(let waiter):
                    precondition(waiter == nil, "two tasks wait for one promise")
                    state = .pending(continuation)
                    return nil
                }
            }
            if let value { continuation.resume(returning: value) }
        }
    }

    /// Waits for the value until the task is cancelled.
    ///
    /// Only one task may wait, and only once.
    ///
    /// - Parameter fallback: The value that a cancellation delivers.
    /// - Returns: The value that was delivered first.
    @inlinable package func wait(ifCancelled fallback: Value) async -> Value {
        await withTaskCancellationHandler {
            await self.wait()
        } onCancel: {
            self.fulfill(with: fallback)
        }
    }

    /// Waits for the value for at most a duration, or until the task is cancelled.
    ///
    /// Only one task may wait, and only once.
    ///
    /// - Parameters:
    ///   - duration: The maximum wait.
    ///   - timers: The timers that measure the duration.
    ///   - fallback: The value that a timeout or a cancellation delivers.
    /// - Returns: The value that was delivered first.
    @inlinable package func wait(
        atMost duration: Duration,
        on timers: Timers = .continuous,
        otherwise fallback: Value
    ) async -> Value {
        let timer = timers.set(after: duration) { self.fulfill(with: fallback) }
        defer { timers.cancel(timer) }
        return await self.wait(ifCancelled: fallback)
    }
}
