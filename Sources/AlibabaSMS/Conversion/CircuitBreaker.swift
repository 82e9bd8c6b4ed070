// SPDX-License-Identifier: Apache-2.0

/// A circuit breaker, which admits no calls for some time after several consecutive failures.
///
/// The caller passes the current time.
struct CircuitBreaker: Sendable {
    /// The state of a circuit breaker.
    enum State: Sendable, Hashable {
        /// All calls are admitted.
        case closed(consecutiveFailures: Int)
        /// No calls are admitted until the given time.
        case open(until: Duration)
        /// A single probe is in progress, and no other call is admitted.
        case halfOpen
    }

    private let failuresToOpen: Int
    private let openInterval: Duration
    private(set) var state = State.closed(consecutiveFailures: 0)

    init(failuresToOpen: Int, openInterval: Duration) {
        self.failuresToOpen = failuresToOpen
        self.openInterval = openInterval
    }

    /// Returns whether a call is allowed.
    ///
    /// After the open interval, a single probe is let through (half-open).
    mutating func admits(at now: Duration) -> Bool {
        switch self.state {
        case .closed: return true
        case .halfOpen: return false
        case .open(let end):
            guard now >= end else { return false }
            self.state = .halfOpen
            return true
        }
    }

    /// Records the outcome of an admitted call.
    ///
    /// - Returns: `true` if this outcome opened a closed circuit breaker.
    @discardableResult
    mutating func record(isSuccess: Bool, at now: Duration) -> Bool {
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
}
