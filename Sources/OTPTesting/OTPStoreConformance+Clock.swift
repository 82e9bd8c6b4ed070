// SPDX-License-Identifier: Apache-2.0

import OTP

extension OTPStoreConformance {
    /// Checks that the epoch (`ClockEpoch`) of the store's clock does not change when the clock moves forward.
    ///
    /// - Throws: ``Failure``, or an error of the store.
    public func checkClockEpoch() async throws {
        let epoch = try await self.store.clockEpoch()
        for step in [Duration.seconds(1), .seconds(60), .seconds(3_600)] {
            try await self.advance(step)
            try self.expect(
                try await self.store.clockEpoch() == epoch,
                "the epoch changed when the clock moved forward by \(step)"
            )
        }
    }

    /// Checks that the store starts a new epoch (`ClockEpoch`) when its clock is set back.
    ///
    /// ``run(seed:)`` omits this check, because many clocks cannot be set back.
    ///
    /// - Parameter setBack: A closure that sets the store's clock back by more than a minute, and then waits until the store
    ///   must have detected the change.
    /// - Throws: ``Failure``, or an error of the store.
    public func checkClockSetBack(_ setBack: @Sendable () async throws -> Void) async throws {
        let epoch = try await self.store.clockEpoch()
        try await setBack()
        let next = try await self.store.clockEpoch()
        try self.expect(next != epoch, "the epoch stayed when the clock was set back")
        try self.expect(next != .initial, "the clock returned to its initial epoch")
        try self.expect(try await self.store.clockEpoch() == next, "the epoch changed twice")
    }
}
