// SPDX-License-Identifier: Apache-2.0

/// A store whose clock decides about lifetimes.
public protocol ClockedStore: Sendable {
    /// Returns the epoch of the store's clock.
    ///
    /// The service calls the method before each step, so it must usually return without I/O. If the clock can be set back, the
    /// store must detect this within a fraction of the minute that ``StoreTime`` tolerates. The store then returns a new random
    /// epoch, which is the same in all processes. The default implementation returns ``ClockEpoch/initial``, which is suitable
    /// if the clock is never set back.
    ///
    /// - Returns: The epoch.
    /// - Throws: An error if no epoch is known yet. The service then does not run the step.
    func clockEpoch() async throws -> ClockEpoch
}

extension ClockedStore {
    /// Returns ``ClockEpoch/initial``, for a clock that is never set back.
    public func clockEpoch() async throws -> ClockEpoch { .initial }
}
