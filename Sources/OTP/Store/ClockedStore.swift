// SPDX-License-Identifier: Apache-2.0

/// A store whose clock decides about lifetimes.
public protocol ClockedStore: Sendable {
    /// Returns the epoch of the store's clock.
    ///
    /// The service calls it before each step, so it must usually return without I/O. A store whose clock can be set back must
    /// detect that, and then return another random epoch in every process, within a fraction of the minute that
    /// ``StoreTime`` tolerates. The default implementation returns ``ClockEpoch/initial``, which suits a clock that is never
    /// set back.
    ///
    /// - Returns: The epoch.
    /// - Throws: An error if no epoch is known yet; the step is then not run.
    func clockEpoch() async throws -> ClockEpoch
}

extension ClockedStore {
    /// Returns ``ClockEpoch/initial``.
    public func clockEpoch() async throws -> ClockEpoch { .initial }
}
