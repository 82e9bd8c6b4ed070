/// The wrong guesses for one number, as far as limits still depend on them.
struct FailureHistory: Sendable, Hashable {
    /// When guesses failed, earliest first.
    var times: [StoreTime] = []

    /// Failures since the last success, at most 65,535.
    var consecutive = 0

    /// When the last of the consecutive failures happened.
    var lastConsecutive = StoreTime(milliseconds: 0)

    /// Forgets what no limit depends on any more.
    mutating func prune(_ limits: NumberLimits, at now: StoreTime) {
        self.times.removeAll { $0 + limits.failures.longestWindow <= now }
        if self.consecutive > 0, self.lastConsecutive + limits.consecutiveFailuresRetention <= now {
            self.consecutive = 0
        }
        if self.consecutive == 0 { self.lastConsecutive = StoreTime(milliseconds: 0) }
    }

    /// The refusal of a number that is disabled, if it is.
    func disabled(_ limits: NumberLimits) -> Refusal? {
        self.consecutive >= limits.consecutiveFailures ? Refusal(.consecutiveFailures, retryAfter: nil) : nil
    }

    /// The window that is full now and stays so longest, if any is.
    func refusal(_ limits: NumberLimits, at now: StoreTime) -> Refusal? {
        var refusal: Refusal?
        for limit in limits.failures {
            guard let end = self.times.endOfRefusal(by: limit), end > now else { continue }
            guard end - now > refusal?.retryAfter ?? .zero else { continue }
            refusal = Refusal(.failures(limit), retryAfter: end - now)
        }
        return refusal
    }

    /// Counts a wrong guess.
    mutating func record(_ limits: NumberLimits, at now: StoreTime) {
        self.times.append(now)
        self.times.removeFirst(Swift.max(0, self.times.count - limits.failures.largestCount))
        self.consecutive = Swift.min(self.consecutive + 1, 65_535)
        self.lastConsecutive = now
    }

    /// Ends the row of failures; the windows keep theirs.
    mutating func succeed() {
        self.consecutive = 0
        self.lastConsecutive = StoreTime(milliseconds: 0)
    }

    /// Adds what was counted under another pseudonym of the number.
    mutating func merge(_ other: Self, _ limits: NumberLimits) {
        self.times = self.times.merged(with: other.times, keeping: limits.failures.largestCount)
        self.consecutive = max(self.consecutive, other.consecutive)
        self.lastConsecutive = max(self.lastConsecutive, other.lastConsecutive)
    }

    /// When nothing in it matters any more.
    func expiry(_ limits: NumberLimits) -> StoreTime? {
        let window = self.times.last.map { $0 + limits.failures.longestWindow }
        let row = self.consecutive > 0 ? self.lastConsecutive + limits.consecutiveFailuresRetention : nil
        return [window, row].compactMap(\.self).max()
    }
}
