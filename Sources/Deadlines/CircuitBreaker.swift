// SPDX-License-Identifier: Apache-2.0

/// A circuit breaker, which rejects calls for some time after several consecutive failures.
package struct CircuitBreaker: Sendable, Hashable {
    /// The state of a circuit breaker.
    package enum State: Sendable, Hashable {
        /// All calls are admitted.
        case closed(consecutiveFailures: Int)
        /// All calls are rejected until the given time.
        case open(until: Duration)
        /// A single trial call (probe) is in progress, and other calls are rejected until the given time.
        ///
        /// If the outcome of the probe is not recorded by this time, the next call is another probe.
        case halfOpen(until: Duration)
    }

    private let failuresToOpen: Int
    private let openInterval: Duration

    /// The current state.
    package private(set) var state = State.closed(consecutiveFailures: 0)

    /// Creates a closed circuit breaker.
    ///
    /// - Parameters:
    ///   - failuresToOpen: The number of consecutive failures after which the circuit breaker opens.
    ///   - openInterval: The duration for which an open circuit breaker rejects all calls.
    package init(failuresToOpen: Int, openInterval: Duration) {
        self.failuresToOpen = failuresToOpen
        self.openInterval = openInterval
    }

    /// Returns whether a call is allowed.
    ///
    /// After the open interval, a single call is admitted as a probe, and the circuit breaker is then half-open.
    package mutating func admits(at now: Duration) -> Bool {
        switch self.state {
        case .closed: return true
        case .open(let end), .halfOpen(let end):
            guard now >= end else { return false }
            self.state = .halfOpen(until: now + self.openInterval)
            return true
        }
    }

    /// Records the outcome of an admitted call.
    ///
    /// - Returns: `true` if this outcome opened a closed circuit breaker.
    @discardableResult
    package mutating func record(isSuccess: Bool, at now: Duration) -> Bool {
        if isSuccess {
            self.state = .closed(consecutiveFailures: 0)
            return false
        }
        if case .closed(let failures) = self.state, failures + 1 < self.failuresToOpen {
            self.state = .closed(consecutiveFailures: failures + 1)
            return false
        }
        let wasClosed = if case .closed = self.state { true } else { false }
        self.state = .open(until: now + self.openInterval)
        return wasClosed
    }

    /// Ends an admitted call without an outcome.
    ///
    /// If the call was a probe, the next call is admitted as another probe.
    package mutating func abandon(at now: Duration) {
        if case .halfOpen = self.state { self.state = .open(until: now) }
    }

    /// The time at which an open or half-open circuit breaker admits the next probe; `nil` if the circuit breaker is closed.
    package var nextProbe: Duration? {
        switch self.state {
        case .closed: nil
        case .open(let end), .halfOpen(let end): end
        }
    }
}
