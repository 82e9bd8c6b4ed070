// SPDX-License-Identifier: Apache-2.0

package import OTP

/// The state of the servers' clocks, and its effect on proofs from other services, for operators.
package struct ClockStatus: Sendable, Hashable {
    /// The epoch in Redis.
    package var epoch: ClockEpoch

    /// The time of the primary that is furthest behind.
    package var time: StoreTime

    /// Whether a process has found that a clock was set back.
    package var wasSetBack: Bool { self.epoch.rawValue != ClockEpoch.initial.rawValue }

    /// Whether a proof is refused that another service creates now with the maximum lifetime of 10 minutes.
    package var refusesProofs: Bool {
        !self.epoch.contains(proofExpiringAt: self.time + OTPLimits.longestLifetime)
    }

    /// The time of the server's clock after which `refusesProofs` is `false`; `nil` if it is unknown.
    ///
    /// New proofs from other services are refused for longer if their lifetime is shorter than the maximum.
    package var end: StoreTime? { self.epoch.previousEnd.map { $0 + StoreTime.tolerance } }
}

extension ServerClock {
    /// Reads the clock record and the clocks, without checking whether a clock was set back.
    func status() async throws -> ClockStatus {
        let record = try ClockRecord(try await self.load())
        guard let time = try await self.read().values.map(\.time).min() else { throw ScriptReply.unexpected }
        return ClockStatus(epoch: record.epoch, time: time)
    }

    /// Resets the end of the earlier epochs in the clock record.
    ///
    /// All processes accept proofs from other services after their next checks.
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

    /// Returns the epoch in Redis, and whether proofs from other services are refused.
    ///
    /// - Returns: The status.
    /// - Throws: `RedisError` if a server is not reachable.
    package func clockStatus() async throws -> ClockStatus {
        try await self.clock.status()
    }

    /// Accepts proofs from other services again, although the clock has not reached the end of the earlier epochs.
    ///
    /// Proofs that were created before the clock was set back can then be redeemed. Proofs that were already redeemed can be
    /// redeemed a second time.
    ///
    /// - Throws: `RedisError` if the server is not reachable or refuses writes.
    package func acceptProofs() async throws {
        try await self.clock.forgetEarlierEpochs()
    }
}
