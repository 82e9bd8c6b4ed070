package import OTP

extension PhoneNumberRecord {
    /// One limit and how much of it a number has used.
    package struct LimitUse: Sendable, Hashable {
        /// The limit.
        package var limit: Refusal.Limit

        /// The events that count now.
        package var used: Int

        /// The events at which the limit refuses; `nil` for a wait after the last event.
        package var allowed: Int?

        /// The time until which the limit refuses; `nil` if it does not refuse now, or never stops without an unlock.
        package var refusesUntil: StoreTime?

        /// Whether the limit refuses now.
        package var refuses: Bool
    }

    /// Returns how much of each limit the number has used, in the order of the settings.
    ///
    /// The scripts decide by the same rules: a limit that refuses here refuses the next send.
    ///
    /// - Parameters:
    ///   - limits: The limits.
    ///   - now: The present, by the server's clock.
    /// - Returns: The cooldown, the wait after refused sends, the windows of sends and of failures, and the failure streak.
    package func limitUses(_ limits: StoreLimits, at now: StoreTime) -> [LimitUse] {
        let cooldown = self.wait(.cooldown, since: self.sendTimes.last, limits.cooldown, self.liveCooldownStep(limits, now), now)
        let refused = self.wait(
            .refusedSends,
            since: self.lastRefusal,
            limits.refusedCooldown,
            self.liveRefusedSends(limits, now),
            now
        )
        let sends = limits.sends.map { Self.window(.sends($0), $0, self.sendTimes, now) }
        let failures = limits.failures.map { Self.window(.failures($0), $0, self.failureTimes, now) }
        let streak = self.liveFailureStreak(limits, now)
        let disabled = LimitUse(
            limit: .consecutiveFailures,
            used: streak,
            allowed: limits.consecutiveFailures,
            refuses: streak >= limits.consecutiveFailures
        )
        return [cooldown, refused] + sends + failures + [disabled]
    }

    private func wait(
        _ limit: Refusal.Limit,
        since last: StoreTime?,
        _ waits: [Duration],
        _ step: Int,
        _ now: StoreTime
    ) -> LimitUse {
        guard step > 0, let last, last <= now + StoreTime.tolerance, let longest = waits.prefix(step).last else {
            return LimitUse(limit: limit, used: step, refuses: false)
        }
        let end = last + longest
        return LimitUse(limit: limit, used: step, refusesUntil: end > now ? end : nil, refuses: end > now)
    }

    /// An event at `t` is in a window until just before `t + window`; timestamps beyond the tolerance are ignored.
    private static func window(
        _ limit: Refusal.Limit,
        _ window: WindowLimit,
        _ times: [StoreTime],
        _ now: StoreTime
    ) -> LimitUse {
        let used = times.count { $0 + window.window > now && $0 <= now + StoreTime.tolerance }
        var use = LimitUse(limit: limit, used: used, allowed: window.count, refuses: false)
        guard times.count >= window.count else { return use }
        let first = times[times.count - window.count]
        guard first <= now + StoreTime.tolerance, first + window.window > now else { return use }
        use.refusesUntil = first + window.window
        use.refuses = true
        return use
    }

    private func liveCooldownStep(_ limits: StoreLimits, _ now: StoreTime) -> Int {
        guard let last = self.sendTimes.last, last + limits.cooldownReset > now else { return 0 }
        return self.cooldownStep
    }

    private func liveRefusedSends(_ limits: StoreLimits, _ now: StoreTime) -> Int {
        guard let last = self.lastRefusal, last + limits.refusedRetention > now else { return 0 }
        return self.refusedSends
    }

    private func liveFailureStreak(_ limits: StoreLimits, _ now: StoreTime) -> Int {
        guard let last = self.failureTimes.last, last + limits.consecutiveFailuresRetention > now else { return 0 }
        return self.failureStreak
    }
}
