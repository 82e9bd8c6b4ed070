// SPDX-License-Identifier: Apache-2.0

package import OTP

/// A report for operators: the state of the Redis servers' clocks, and whether proofs from other services are refused.
///
/// A proof is a signed statement that a user controls a phone number. After a clock was set back, an old proof could be used a
/// second time. A service therefore accepts its own proofs only in the epoch in which they were created. Proofs from other
/// services contain no epoch, so `OTPService.redeem` refuses them for some time.
package struct ClockStatus: Sendable, Hashable {
    /// The epoch in the clock record: the period since a clock was last set back.
    package var epoch: ClockEpoch

    /// The time of the primary that is furthest behind.
    package var time: StoreTime

    /// Whether a process has found that a clock was set back.
    package var wasSetBack: Bool { self.epoch.rawValue != ClockEpoch.initial.rawValue }

    /// Whether `OTPService.redeem` refuses a proof that another service creates now with the maximum lifetime of 10 minutes.
    ///
    /// The proof does not contain its epoch. After a clock was set back, the method therefore refuses the proof until the clock
    /// is more than one minute past the highest time of the earlier epochs (`ClockEpoch.previousEnd`). If that time is unknown,
    /// the method always refuses the proof.
    package var refusesProofs: Bool {
        !self.epoch.contains(proofExpiringAt: self.time + OTPLimits.longestLifetime)
    }

    /// The time of the server's clock after which `refusesProofs` is `false`.
    ///
    /// The value is `nil` if no clock was set back, or if the highest time of the earlier epochs is unknown.
    ///
    /// The time applies to new proofs with a lifetime of 10 minutes. The method `OTPService.redeem` knows only the expiry of a
    /// proof, and assumes a lifetime of 10 minutes. A proof with a shorter lifetime therefore seems older than it is. Such
    /// proofs are refused for longer. For example, proofs with a lifetime of 4 minutes are refused until 6 minutes after this
    /// time.
    package var end: StoreTime? { self.epoch.previousEnd.map { $0 + StoreTime.tolerance } }
}

extension ServerClock {
    /// Returns the epoch in the clock record and the servers' time, without checking whether a clock was set back.
    func status() async throws -> ClockStatus {
        let record = try ClockRecord(try await self.load())
        guard let time = try await self.read().values.map(\.time).min() else { throw ScriptReply.unexpected }
        return ClockStatus(epoch: record.epoch, time: time)
    }

    /// Sets `ClockEpoch.previousEnd` in the clock record to 0, so that proofs from other services are no longer refused.
    ///
    /// Each process applies the change at its next clock check.
    func forgetEarlierEpochs() async throws {
        var stored = try await self.load()
        for _ in 0..<Self.longestRace {
            var record = try ClockRecord(stored)
            guard record.epoch.previousEnd != StoreTime(milliseconds: 0), record.epoch != .initial else { return }
            record.epoch = ClockEpoch(rawValue: record.epoch.rawValue, previousEnd: StoreTime(milliseconds: 0))
            let reply = try await self.replace(stored, by: record.bytes)
            if reply == record.bytes { return }
            stored = reply
        }
        throw Self.busy
    }
}

extension RedisOTPStore {
    /// The key of the clock record.
    package var clockKey: String { self.keys.clock }

    /// Returns the state of the servers' clocks, and whether proofs from other services are refused.
    ///
    /// - Returns: The status.
    /// - Throws: `RedisError` if no server is reachable.
    package func clockStatus() async throws -> ClockStatus {
        try await self.clock.status()
    }

    /// Ends the refusal of proofs from other services.
    ///
    /// Each process applies the change at its next clock check. Afterwards, a proof from another service is valid until it
    /// expires, even if it was created before the clock was set back. If the proof was already redeemed, it can be redeemed a
    /// second time.
    ///
    /// - Throws: `RedisError` if the server is not reachable or refuses writes.
    package func acceptProofs() async throws {
        try await self.clock.forgetEarlierEpochs()
    }
}
