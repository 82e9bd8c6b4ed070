// SPDX-License-Identifier: Apache-2.0

/// The sends to one phone number that are needed to check the limits.
struct SendHistory: Sendable, Hashable {
    /// The times of admitted sends, in ascending order.
    var sendTimes: [StoreTime] = []

    /// The number of sends since the last reset of the cooldown, at most 255.
    ///
    /// This number selects the wait in ``OTPLimits/cooldown``.
    var cooldownStep = 0

    /// The time of the gateway's last rejection; `nil` if no limit depends on it.
    var lastRejection: StoreTime?

    /// The number of consecutive sends that the gateway rejected, at most 255.
    ///
    /// This number selects the wait in ``OTPLimits/refusedCooldown``.
    var rejectionStep = 0

    /// Removes the sends and rejections that no limit depends on.
    mutating func prune(_ limits: StoreLimits, at now: StoreTime) {
        if let last = self.lastRejection, last + limits.refusedRetention <= now {
            self.lastRejection = nil
            self.rejectionStep = 0
        }
        if let last = self.sendTimes.last, last + limits.cooldownReset <= now { self.cooldownStep = 0 }
        if self.sendTimes.isEmpty { self.cooldownStep = 0 }
        let retention = max(limits.cooldownReset, limits.sends.longestWindow)
        self.sendTimes.removeAll { $0 + retention <= now }
    }

    /// Returns the refusal with the longest wait, or `nil` if all limits admit a send.
    func refusal(_ limits: StoreLimits, at now: StoreTime) -> Refusal? {
        var refusal: Refusal?
        func consider(_ limit: Refusal.Limit, until end: StoreTime) {
            guard end > now, end - now > refusal?.retryAfter ?? .zero else { return }
            refusal = Refusal(limit, retryAfter: end - now)
        }
        if self.cooldownStep > 0, let last = self.sendTimes.last, last <= now + StoreTime.tolerance {
            consider(.cooldown, until: last + limits.cooldown.wait(after: self.cooldownStep))
        }
        if let last = self.lastRejection, last <= now + StoreTime.tolerance {
            consider(.refusedSends, until: last + limits.refusedCooldown.wait(after: self.rejectionStep))
        }
        for limit in limits.sends {
            if let end = self.sendTimes.endOfRefusal(by: limit, at: now) { consider(.sends(limit), until: end) }
        }
        return refusal
    }

    /// Returns the earliest time at which a send is admitted.
    func nextSendAllowedAt(_ limits: StoreLimits, at now: StoreTime) -> StoreTime {
        now + (self.refusal(limits, at: now)?.retryAfter ?? .zero)
    }

    /// Counts a send.
    mutating func record(_ limits: StoreLimits, at now: StoreTime) {
        self.sendTimes.append(now)
        // Only the latest sends can fill a window, and the cooldown depends only on the last send.
        let kept = max(1, limits.sends.largestCount)
        self.sendTimes.removeFirst(max(0, self.sendTimes.count - kept))
        self.cooldownStep = min(self.cooldownStep + 1, 255)
    }

    /// Removes a rejected send, and records the rejection.
    ///
    /// - Returns: Whether the send was still counted.
    mutating func remove(_ time: StoreTime, at now: StoreTime) -> Bool {
        guard let position = self.sendTimes.lastIndex(of: time) else { return false }
        self.sendTimes.remove(at: position)
        self.cooldownStep = max(0, self.cooldownStep - 1)
        if let lastRejection, let last = self.sendTimes.last, last > lastRejection { self.rejectionStep = 0 }
        self.rejectionStep = min(self.rejectionStep + 1, 255)
        self.lastRejection = now
        return true
    }

    /// Returns the time after which no limit depends on the history, or `nil` if the history is empty.
    func expiry(_ limits: StoreLimits) -> StoreTime? {
        [
            self.sendTimes.last.map { $0 + max(limits.cooldownReset, limits.sends.longestWindow) },
            self.lastRejection.map { $0 + limits.refusedRetention },
        ]
        .compactMap(\.self).max()
    }
}

extension [StoreTime] {
    /// Returns the time at which a window admits the next event, or `nil` if the window admits an event now.
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
    /// The time after which rejections no longer count as consecutive: twice the longest wait of ``OTPLimits/refusedCooldown``.
    ///
    /// This time must be longer than the longest wait. Otherwise the count would be reset as soon as the next send is allowed.
    package var refusedRetention: Duration { (self.refusedCooldown.max() ?? .zero) * 2 }
}

extension [Duration] {
    /// Returns the wait after a number of consecutive sends or rejections.
    ///
    /// The last wait in the array also applies to all later sends or rejections.
    func wait(after count: Int) -> Duration {
        self[Swift.min(count, self.count) - 1]
    }
}

extension [WindowLimit] {
    /// The length of the longest window; zero if there are no windows.
    var longestWindow: Duration { self.map(\.window).max() ?? .zero }

    /// The largest number of events that any window allows; zero if there are no windows.
    var largestCount: Int { self.map(\.count).max() ?? 0 }
}
