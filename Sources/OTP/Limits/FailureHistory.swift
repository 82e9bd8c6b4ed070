// SPDX-License-Identifier: Apache-2.0

/// The failed attempts of one phone number that are needed to check the limits.
struct FailureHistory: Sendable, Hashable {
    /// The times of failed attempts, in ascending order.
    ///
    /// Times outside all windows of ``OTPLimits/failures`` are removed. However, the last time is kept while ``streak`` is
    /// above 0. The streak is reset when ``OTPLimits/consecutiveFailuresRetention`` has passed since the last failed attempt.
    var failureTimes: [StoreTime] = []

    /// The number of failed attempts since the last success, at most 65,535.
    var streak = 0

    /// Removes the failed attempts that no limit depends on.
    mutating func prune(_ limits: StoreLimits, at now: StoreTime) {
        if let last = self.failureTimes.last, last + limits.consecutiveFailuresRetention <= now { self.streak = 0 }
        let last = self.streak > 0 ? self.failureTimes.suffix(1) : []
        self.failureTimes.removeAll { $0 + limits.failures.longestWindow <= now }
        if self.failureTimes.isEmpty { self.failureTimes = Array(last) }
    }

    /// Returns the refusal for a number with too many consecutive failed attempts, or `nil` if the number is below the limit.
    func disabled(_ limits: StoreLimits) -> Refusal? {
        self.streak >= limits.consecutiveFailures ? Refusal(.consecutiveFailures, retryAfter: nil) : nil
    }

    /// Returns the refusal by a window in ``OTPLimits/failures``, or `nil` if all windows admit another attempt.
    ///
    /// If several windows refuse the attempt, the method returns the refusal with the longest wait.
    func refusal(_ limits: StoreLimits, at now: StoreTime) -> Refusal? {
        var refusal: Refusal?
        for limit in limits.failures {
            guard let end = self.failureTimes.endOfRefusal(by: limit, at: now) else { continue }
            guard end - now > refusal?.retryAfter ?? .zero else { continue }
            refusal = Refusal(.failures(limit), retryAfter: end - now)
        }
        return refusal
    }

    /// Counts a failed attempt.
    mutating func record(_ limits: StoreLimits, at now: StoreTime) {
        self.failureTimes.append(now)
        let surplus = self.failureTimes.count - Swift.max(1, limits.failures.largestCount)
        self.failureTimes.removeFirst(Swift.max(0, surplus))
        self.streak = Swift.min(self.streak + 1, 65_535)
    }

    /// Resets the count of consecutive failed attempts, after a right code.
    ///
    /// The windows in ``OTPLimits/failures`` still count the failed attempts.
    mutating func succeed() {
        self.streak = 0
    }

    /// Returns the time after which no limit depends on the history, or `nil` if the history is empty.
    func expiry(_ limits: StoreLimits) -> StoreTime? {
        let retention = self.streak > 0 ? limits.consecutiveFailuresRetention : .zero
        return self.failureTimes.last.map { $0 + max(limits.failures.longestWindow, retention) }
    }
}
