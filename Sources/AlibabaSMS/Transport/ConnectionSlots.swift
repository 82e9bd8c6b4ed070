// SPDX-License-Identifier: Apache-2.0

import Deadlines
import SMSKit
import Synchronization

/// A semaphore that limits concurrent requests to the number of connections.
///
/// A request acquires a slot before it enters the connection pool. If a request times out while it waits for a slot, the
/// request was certainly not written. After a timeout in the pool, it is unknown whether the request was written.
final class ConnectionSlots: Sendable {
    /// A slot, which becomes free when its last reference is released.
    final class Slot: Sendable {
        private let slots: ConnectionSlots

        fileprivate init(_ slots: ConnectionSlots) { self.slots = slots }

        deinit { self.slots.release() }
    }

    private struct State {
        var free: Int
        var waiters: [Int: Promise<Bool>] = [:]
        /// A lower bound of the IDs of all waiting requests.
        var oldest = 0
        var next = 0
    }

    private let state: Mutex<State>

    init(count: Int) { self.state = Mutex(State(free: count)) }

    /// The number of waiting requests.
    var waiterCount: Int { self.state.withLock { $0.waiters.count } }

    /// Returns a slot, or `nil` if no slot is free.
    func acquireIfFree() -> Slot? {
        let isFree = self.state.withLock { state in
            guard state.free > 0 else { return false }
            state.free -= 1
            return true
        }
        return isFree ? Slot(self) : nil
    }

    /// Waits for a slot.
    ///
    /// Slots are granted in the order of the calls.
    ///
    /// - Parameters:
    ///   - time: The timeout.
    ///   - timers: The timers that enforce the timeout.
    /// - Returns: The slot, or `nil` if the wait timed out or the task was cancelled.
    func acquire(within time: Duration, on timers: Timers) async -> Slot? {
        let promise = Promise<Bool>()
        let id: Int? = self.state.withLock { state in
            if state.free > 0 {
                state.free -= 1
                return nil
            }
            state.waiters[state.next] = promise
            state.next += 1
            return state.next - 1
        }
        guard let id else { return Slot(self) }
        let isGranted = await promise.wait(atMost: time, on: timers, otherwise: false)
        _ = self.state.withLock { $0.waiters.removeValue(forKey: id) }
        return isGranted ? Slot(self) : nil
    }

    /// Grants a released slot to the request that has waited longest.
    ///
    /// If no request is waiting, the slot becomes free.
    private func release() {
        while let waiter = self.nextWaiter() {
            if waiter.fulfill(with: true) { return }
        }
    }

    private func nextWaiter() -> Promise<Bool>? {
        self.state.withLock { state in
            while state.oldest < state.next {
                state.oldest += 1
                if let waiter = state.waiters.removeValue(forKey: state.oldest - 1) { return waiter }
            }
            state.free += 1
            return nil
        }
    }
}
