/// The wrong attempts for one number, as far as limits still depend on them.
struct FailureHistory: Sendable, Hashable {
    /// When attempts failed, earliest first; the last one stays as long as there is a row of failures.
    var times: [StoreTime] = []

    /// Failures since the last success, at most 65,535.
    var consecutive = 0

    /// Forgets what no limit depends on any more.
    mutating func prune(_ limits: StoreLimits, at now: StoreTime) {
        if let last = self.times.last, last + limits.consecutiveFailuresRetention <= now { self.consecutive = 0 }
        let last = self.consecutive > 0 ? self.times.suffix(1) : []
        self.times.removeAll { $0 + limits.failures.longestWindow <= now }
        if self.times.isEmpty { self.times = Array(last) }
    }

    /// The refusal of a number that is disabled, if it is.
    func disabled(_ limits: StoreLimits) -> Refusal? {
        self.consecutive >= limits.consecutiveFailures ? Refusal(.consecutiveFailures, retryAfter: nil) : nil
    }

    /// The window that is full now and stays so longest, if any is.
    func refusal(_ limits: StoreLimits, at now: StoreTime) -> Refusal? {
        var refusal: Refusal?
        for limit in limits.failures {
            guard let end = self.times.endOfRefusal(by: limit, at: now) else { continue }
            guard end - now > refusal?.retryAfter ?? .zero else { continue }
            refusal = Refusal(.failures(limit), retryAfter: end - now)
        }
        return refusal
    }

    /// Counts a wrong attempt.
    mutating func record(_ limits: StoreLimits, at now: StoreTime) {
        self.times.append(now)
        self.times.removeFirst(Swift.max(0, self.times.count - Swift.max(1, limits.failures.largestCount)))
        self.consecutive = Swift.min(self.consecutive + 1, 65_535)
    }

    /// Ends the row of failures; the windows keep theirs.
    mutating func succeed() {
        self.consecutive = 0
    }

    /// When nothing in it matters any more.
    func expiry(_ limits: StoreLimits) -> StoreTime? {
        let row = self.consecutive > 0 ? limits.consecutiveFailuresRetention : .zero
        return self.times.last.map { $0 + max(limits.failures.longestWindow, row) }
    }
}
