// SPDX-License-Identifier: Apache-2.0

package import OTP

extension PhoneNumberRecord {
    /// Returns how much of each limit the phone number has used, in the order of ``OTPLimits``.
    ///
    /// The calculation is the same as in the Lua scripts. If ``LimitUse/refuses`` is `true` for a limit, the scripts refuse the
    /// next send.
    ///
    /// - Parameters:
    ///   - limits: The limits.
    ///   - now: The current time of the server's clock.
    /// - Returns: The uses of the cooldown, the wait after rejected sends, the windows of sends, the windows of failures, and
    ///   the failure streak (the number of consecutive failed attempts).
    package func limitUses(_ limits: StoreLimits, at now: StoreTime) -> [LimitUse] {
        func live(_ count: Int, _ last: StoreTime?, _ retention: Duration) -> Int {
            guard let last, last + retention > now else { return 0 }
            return count
        }
        let step = live(self.cooldownStep, self.sendTimes.last, limits.cooldownReset)
        let refused = live(self.refusedSends, self.lastRefusal, limits.refusedRetention)
        let streak = live(self.failureStreak, self.failureTimes.last, limits.consecutiveFailuresRetention)
        var uses = [
            Self.wait("cooldown", after: step, self.sendTimes.last, limits.cooldown, now),
            Self.wait("refusedCooldown", after: refused, self.lastRefusal, limits.refusedCooldown, now),
        ]
        uses += limits.sends.map { Self.window("sends", $0, self.sendTimes, now) }
        uses += limits.failures.map { Self.window("failures", $0, self.failureTimes, now) }
        uses.append(LimitUse(name: "consecutiveFailures", used: streak, allowed: limits.consecutiveFailures))
        uses[uses.count - 1].refuses = streak >= limits.consecutiveFailures
        return uses
    }

    private static func wait(
        _ name: String,
        after step: Int,
        _ last: StoreTime?,
        _ waits: [Duration],
        _ now: StoreTime
    ) -> LimitUse {
        var use = LimitUse(name: name, used: step)
        guard let last, let wait = waits.prefix(step).last else { return use }
        use.refuse(from: last, for: wait, now)
        return use
    }

    private static func window(
        _ name: String,
        _ limit: WindowLimit,
        _ times: [StoreTime],
        _ now: StoreTime
    ) -> LimitUse {
        let used = times.count { $0 + limit.window > now && $0 <= now + StoreTime.tolerance }
        var use = LimitUse(name: name, window: limit.window, used: used, allowed: limit.count)
        if times.count >= limit.count { use.refuse(from: times[times.count - limit.count], for: limit.window, now) }
        return use
    }
}

extension LimitUse {
    /// Records that the limit refuses sends for a time span after an event.
    ///
    /// An event that is more than one minute (`StoreTime.tolerance`) in the future is ignored.
    fileprivate mutating func refuse(from event: StoreTime, for span: Duration, _ now: StoreTime) {
        guard event <= now + StoreTime.tolerance, event + span > now else { return }
        self.refuses = true
        self.refusesUntil = event + span
    }
}
