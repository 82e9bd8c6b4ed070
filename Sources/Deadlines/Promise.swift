// SPDX-License-Identifier: Apache-2.0

public import Synchronization

/// A value that is delivered once: the first delivery counts, and one task awaits it.
///
/// A wait with a timeout, a cancellation and a result is a promise that each of the three fulfills.
@usableFromInline package final class Promise<Value: Sendable>: Sendable {
    @usableFromInline enum State {
        case pending(CheckedContinuation<Value, Never>?)
        case fulfilled(Value)
    }

    @usableFromInline let state = Mutex(State.pending(nil))

    /// Creates a promise without a value.
    @inlinable package init() {}

    /// The value, if it has been delivered.
    @inlinable package var value: Value? {
        self.state.withLock { state in
            if case .fulfilled(let value) = state { value } else { nil }
        }
    }

    /// Delivers the value.
    ///
    /// - Parameter value: The value.
    /// - Returns: Whether this delivery was the first; later ones have no effect.
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
    /// One task may wait, once.
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
    /// One task may wait, once.
    ///
    /// - Parameter fallback: The value that the cancellation delivers.
    /// - Returns: The value that was delivered first.
    @inlinable package func wait(ifCancelled fallback: Value) async -> Value {
        await withTaskCancellationHandler {
            await self.wait()
        } onCancel: {
            self.fulfill(with: fallback)
        }
    }

    /// Waits for the value for a duration at most, or until the task is cancelled.
    ///
    /// One task may wait, once.
    ///
    /// - Parameters:
    ///   - duration: The longest wait.
    ///   - timers: The timers that measure it.
    ///   - fallback: The value that the timeout or the cancellation delivers.
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
