// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A place where concurrent tasks wait for each other, so that a race has the same result on every machine.
final class Rendezvous: Sendable {
    private struct State {
        var missing = 0
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// Makes the next tasks wait until a given number of tasks has arrived.
    func expect(_ count: Int) {
        self.state.withLock { $0.missing = count }
    }

    /// Ends all waits, so that no task waits forever for a task that failed earlier.
    func release() {
        let released = self.state.withLock { state in
            defer { state = State() }
            return state.waiting
        }
        for waiting in released { waiting.resume() }
    }

    /// Waits for the other tasks, if the rendezvous still expects any.
    func arrive() async {
        await withCheckedContinuation { continuation in
            let released = self.state.withLock { state -> [CheckedContinuation<Void, Never>] in
                state.missing = max(0, state.missing - 1)
                state.waiting.append(continuation)
                guard state.missing == 0 else { return [] }
                defer { state.waiting = [] }
                return state.waiting
            }
            for waiting in released { waiting.resume() }
        }
    }
}
