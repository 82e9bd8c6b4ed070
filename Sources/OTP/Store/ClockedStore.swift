// SPDX-License-Identifier: Apache-2.0

/// A store whose clock measures all lifetimes.
public protocol ClockedStore: Sendable {
    /// Returns the epoch of the store's clock.
    ///
    /// An epoch is a period in which the clock was not set back. A code is valid only in the epoch in which it was created.
    /// Otherwise an expired code could become valid again when the clock is set back.
    ///
    /// The service calls this method before most of its other calls to the store, so the method must usually return without
    /// I/O. If the clock is set back, the store must detect the change in much less than one minute. The method then returns a
    /// new random epoch, which is the same in all processes.
    ///
    /// The default implementation returns ``ClockEpoch/initial``, for a clock that is never set back.
    ///
    /// - Returns: The epoch.
    /// - Throws: An error if no epoch is known yet. The call of the service then also fails.
    func clockEpoch() async throws -> ClockEpoch

    /// Returns the time of the store's clock.
    ///
    /// The service uses the time only to check the age of a ``DeviceToken``, so an error of a few seconds does not matter. The
    /// method must usually return without I/O. For example, a store can add the elapsed time of a monotonic clock to an earlier
    /// time of its server. Do not use the clock of the host, because hosts have different clocks.
    ///
    /// The default implementation returns `nil`. The service then ignores all device tokens.
    ///
    /// - Returns: The time; `nil` if it is not known.
    /// - Throws: An error if the store is not reachable.
    func currentTime() async throws -> StoreTime?
}

extension ClockedStore {
    /// Returns ``ClockEpoch/initial``, for a clock that is never set back.
    public func clockEpoch() async throws -> ClockEpoch { .initial }

    /// Returns `nil`, so that the service ignores all device tokens.
    public func currentTime() async throws -> StoreTime? { nil }
}
