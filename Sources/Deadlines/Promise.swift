// SPDX-License-Identifier: Apache-2.0

public import Synchronization

/// A promise: a value that is delivered once, and for which one task can wait.
///
/// Only the first delivery has an effect. For example, a result, a timeout or a cancellation fulfills the promise, whichever
/// comes first.
@usableFromInline package final class Promise<Value: Sendable>: Sendable {
    // Only debug builds check that the waiter is resumed exactly once, because the check is expensive.
    #if DEBUG
        @usableFromInline typealias Waiter = CheckedContinuation<Value, Never>
    #else
        // Safe: `fulfill` removes the waiter from the state before resuming the waiter.
        @usableFromInline typealias Waiter = UnsafeContinuation<Value, Never>
    #endif

    @usableFromInline enum State {
        case pending(Waiter?)
        case fulfilled(Value)
    }

    @usableFromInline let state: Mutex<State>

    /// Creates a promise without a value.
    @inlinable package init() {
        self.state = Mutex(.pending(nil))
    }

    /// The value; `nil` before the delivery.
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
        let (isFirst, waiter) = self.state.withLock { state -> (Bool, Waiter?) in
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
        #if DEBUG
            await withCheckedContinuation { self.add($0) }
        #else
            await withUnsafeContinuation { self.add($0) }
        #endif
    }

    /// Adds the waiter, or resumes the waiter if the value has been delivered.
    @inlinable func add(_ waiter: Waiter) {
        let value: Value? = self.state.withLock { state in
            switch state {
            case .fulfilled(let value):
                return value
            case .pending(let earlier):
                precondition(earlier == nil, "two tasks wait for one promise")
                state = .pending(waiter)
                return nil
            }
        }
        if let value { waiter.resume(returning: value) }
    }

    /// Waits for the value, or until the task is cancelled.
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

    /// Waits for the value until a timeout, or until the task is cancelled.
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
