// SPDX-License-Identifier: Apache-2.0

/// A store whose clock measures all lifetimes.
public protocol ClockedStore: Sendable {
    /// Returns the epoch of the store's clock.
    ///
    /// The service calls the method before each step, so the method must usually return without I/O. If the clock was set back,
    /// the store must detect this in much less than one minute. It then returns a new random epoch, which is the same in all
    /// processes. The default implementation returns ``ClockEpoch/initial``, for a clock that is never set back.
    ///
    /// - Returns: The epoch.
    /// - Throws: An error if no epoch is known yet. The service then does not run the step.
    func clockEpoch() async throws -> ClockEpoch

    /// Returns the time of the store's clock.
    ///
    /// The service uses the time only to check the age of device tokens, so an error of a few seconds does not matter. The
    /// method must usually return without I/O. For example, a store can add the elapsed time of a monotonic clock to an earlier
    /// time of its server. Do not use the clock of the host, because hosts have different clocks. The default implementation
    /// returns `nil`, so that every device counts as unknown.
    ///
    /// - Returns: The time; `nil` if it is not known.
    /// - Throws: An error if the store is not reachable.
    func currentTime() async throws -> StoreTime?
}

extension ClockedStore {
    /// Returns ``ClockEpoch/initial``, for a clock that is never set back.
    public func clockEpoch() async throws -> ClockEpoch { .initial }

    /// Returns `nil`, so that every device counts as unknown.
    public func currentTime() async throws -> StoreTime? { nil }
}
