import Deadlines
import SMSKit
import Synchronization

/// The connections that requests may use at the same time.
///
/// A request gets a slot before it is given to the connection pool. The pool does not report whether a request that
/// reached its deadline was still waiting for a connection; a request without a slot was certainly not written.
final class ConnectionSlots: Sendable {
    /// A slot, which is free again when its last reference is gone.
    final class Slot: Sendable {
        private let slots: ConnectionSlots

        fileprivate init(_ slots: ConnectionSlots) { self.slots = slots }

        deinit { self.slots.release() }
    }

    private enum Waiter {
        case waiting(CheckedContinuation<Void, Never>?)
        case granted
    }

    private struct State {
        var free: Int
        var waiters: [Int: Waiter] = [:]
        /// No waiter before this one is waiting.
        var oldest = 0
        var next = 0
    }

    private let state: Mutex<State>

    init(count: Int) { self.state = Mutex(State(free: count)) }

    /// The number of requests that wait for a slot.
    var waiterCount: Int { self.state.withLock { $0.waiters.count } }

    /// Returns a slot if one is free.
    func acquireIfFree() -> Slot? {
        let isFree = self.state.withLock { state in
            guard state.free > 0 else { return false }
            state.free -= 1
            return true
        }
        return isFree ? Slot(self) : nil
    }

    /// Waits for a slot; whoever waits longest gets the next.
    ///
    /// - Parameters:
    ///   - time: The longest that this may take.
    ///   - timers: The timers of the clock.
    /// - Returns: `nil` if the time ran out or the task was cancelled.
    func acquire(within time: Duration, on timers: Timers) async -> Slot? {
        let id: Int? = self.state.withLock { state in
            if state.free > 0 {
                state.free -= 1
                return nil
            }
            state.waiters[state.next] = .waiting(nil)
            state.next += 1
            return state.next - 1
        }
        guard let id else { return Slot(self) }
        _ = await withDeadline(time, on: timers) { await self.wait(id) }
        return self.leave(id) ? Slot(self) : nil
    }

    private func wait(_ id: Int) async {
        await withCheckedContinuation { continuation in
            let mustWait = self.state.withLock { state in
                guard case .waiting? = state.waiters[id] else { return false }
                state.waiters[id] = .waiting(continuation)
                return true
            }
            if !mustWait { continuation.resume() }
        }
    }

    /// Ends the wait, and returns whether a slot was granted.
    private func leave(_ id: Int) -> Bool {
        switch self.state.withLock({ $0.waiters.removeValue(forKey: id) }) {
        case .granted?: return true
        case .waiting(let continuation)?: continuation?.resume()
        case nil: break
        }
        return false
    }

    private func release() {
        let waiter = self.state.withLock { state -> CheckedContinuation<Void, Never>? in
            while state.oldest < state.next {
                let id = state.oldest
                state.oldest += 1
                guard case .waiting(let continuation)? = state.waiters[id] else { continue }
                state.waiters[id] = .granted
                return continuation
            }
            state.free += 1
            return nil
        }
        waiter?.resume()
    }
}
