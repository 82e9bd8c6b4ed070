/// The messages that were sent to one number, as far as limits still depend on them.
struct SendHistory: Sendable, Hashable {
    /// When messages were admitted, earliest first.
    var times: [StoreTime] = []

    /// How many messages the cooldown has counted since it last started anew; at most 255.
    var cooldownStep = 0

    /// When the gateway last refused a message, if that still matters.
    var lastRefusal: StoreTime?

    /// How many messages in a row the gateway refused; at most 255.
    var refusedStep = 0

    /// Forgets what no limit depends on any more.
    mutating func prune(_ limits: StoreLimits, at now: StoreTime) {
        if let last = self.lastRefusal, last + limits.refusedRetention <= now {
            self.lastRefusal = nil
            self.refusedStep = 0
        }
        if let last = self.times.last, last + limits.cooldownReset <= now { self.cooldownStep = 0 }
        if self.times.isEmpty { self.cooldownStep = 0 }
        let retention = max(limits.cooldownReset, limits.sends.longestWindow)
        self.times.removeAll { $0 + retention <= now }
    }

    /// The limit that refuses a message now and lasts longest, if any does.
    func refusal(_ limits: StoreLimits, at now: StoreTime) -> Refusal? {
        var refusal: Refusal?
        func consider(_ limit: Refusal.Limit, until end: StoreTime) {
            guard end > now, end - now > refusal?.retryAfter ?? .zero else { return }
            refusal = Refusal(limit, retryAfter: end - now)
        }
        if self.cooldownStep > 0, let last = self.times.last, last <= now + StoreTime.tolerance {
            consider(.cooldown, until: last + limits.cooldown.wait(after: self.cooldownStep))
        }
        if let last = self.lastRefusal, last <= now + StoreTime.tolerance {
            consider(.refusedSends, until: last + limits.refusedCooldown.wait(after: self.refusedStep))
        }
        for limit in limits.sends {
            if let end = self.times.endOfRefusal(by: limit, at: now) { consider(.sends(limit), until: end) }
        }
        return refusal
    }

    /// The earliest time at which a message is admitted.
    func opensAt(_ limits: StoreLimits, at now: StoreTime) -> StoreTime {
        now + (self.refusal(limits, at: now)?.retryAfter ?? .zero)
    }

    /// Counts a message.
    mutating func record(_ limits: StoreLimits, at now: StoreTime) {
        self.times.append(now)
        // Only the last messages can fill a window, and the cooldown needs the last one.
        let kept = max(1, limits.sends.largestCount)
        self.times.removeFirst(max(0, self.times.count - kept))
        self.cooldownStep = min(self.cooldownStep + 1, 255)
    }

    /// Takes back a message that was refused, and remembers the refusal.
    ///
    /// - Returns: Whether it was still counted.
    mutating func remove(_ time: StoreTime, at now: StoreTime) -> Bool {
        guard let position = self.times.lastIndex(of: time) else { return false }
        self.times.remove(at: position)
        self.cooldownStep = max(0, self.cooldownStep - 1)
        if let lastRefusal, let last = self.times.last, last > lastRefusal { self.refusedStep = 0 }
        self.refusedStep = min(self.refusedStep + 1, 255)
        self.lastRefusal = now
        return true
    }

    /// When nothing in it matters any more.
    func expiry(_ limits: StoreLimits) -> StoreTime? {
        [
            self.times.last.map { $0 + max(limits.cooldownReset, limits.sends.longestWindow) },
            self.lastRefusal.map { $0 + limits.refusedRetention },
        ]
        .compactMap(\.self).max()
    }
}

extension [StoreTime] {
    /// When a window that is full now lets the next event in; `nil` if it is not full.
    ///
    /// An event at `t` is in the window until just before `t + window`.
    func endOfRefusal(by limit: WindowLimit, at now: StoreTime) -> StoreTime? {
        guard self.count >= limit.count else { return nil }
        let time = self[self.count - limit.count]
        guard time <= now + StoreTime.tolerance else { return nil }
        let end = time + limit.window
        return end > now ? end : nil
    }
}

extension StoreLimits {
    /// How long after the last refused message the row of refused messages is forgotten: twice the longest wait.
    ///
    /// After the longest wait alone, the row would be forgotten at the moment when the next message is allowed.
    package var refusedRetention: Duration { (self.refusedCooldown.max() ?? .zero) * 2 }
}

extension [Duration] {
    /// The wait after so many messages; the last entry holds for all that follow.
    func wait(after count: Int) -> Duration {
        self[Swift.min(count, self.count) - 1]
    }
}

extension [WindowLimit] {
    /// The length of the longest window; zero if there is none.
    var longestWindow: Duration { self.map(\.window).max() ?? .zero }

    /// The largest number of events that a window may hold; zero if there is none.
    var largestCount: Int { self.map(\.count).max() ?? 0 }
}
