// SPDX-License-Identifier: Apache-2.0

/// A sliding window, which admits at most `limit` requests in any period of one second.
///
/// The caller passes the current time to ``reserve(at:by:)``, and waits until the time that the method returns.
struct SlidingWindow: Sendable {
    private let limit: Int
    /// A ring buffer of the last reserved times.
    ///
    /// `next` is the index of the oldest time.
    private var times: [Duration] = []
    private var next = 0

    init(limit: Int) { self.limit = limit }

    /// Returns whether the window currently admits a request.
    func isFree(at now: Duration) -> Bool {
        self.times.count < self.limit || self.times[self.next] + .seconds(1) <= now
    }

    /// Reserves the earliest time at which the window admits a request.
    ///
    /// - Parameters:
    ///   - now: The current time.
    ///   - deadline: The latest acceptable time.
    /// - Returns: The reserved time. If the earliest time is after the deadline, nothing is reserved, and the result is a
    ///   ``TooLong`` error with the required wait.
    mutating func reserve(at now: Duration, by deadline: Duration) -> Result<Duration, TooLong> {
        let oldest = self.times.count < self.limit ? nil : self.times[self.next]
        let time = max(now, oldest.map { $0 + .seconds(1) } ?? now)
        guard time <= deadline else { return .failure(TooLong(wait: time - now)) }
        if oldest == nil {
            self.times.append(time)
        } else {
            self.times[self.next] = time
            self.next = (self.next + 1) % self.limit
        }
        return .success(time)
    }

    /// The error for a wait that would end after the deadline.
    struct TooLong: Error, Hashable {
        var wait: Duration
    }
}
