// SPDX-License-Identifier: Apache-2.0

package import SendGuard

/// The largest number of messages that a bucket of unverified sends lets through if no code is verified.
///
/// `Docs/Guard.md` derives the bound: the capacity, and one message for each pause that ends within the time.
package struct PumpBound: Sendable {
    private let limits: LeakyBucket.Limits

    /// Creates the bound of a bucket.
    ///
    /// - Parameter limits: The bucket.
    package init(_ limits: LeakyBucket.Limits) {
        self.limits = limits
    }

    /// Returns the bound for an attack of some seconds against a scope that never verified a code.
    package func messages(within seconds: Int) -> Int {
        var remaining = seconds
        var drained = 0
        while drained < self.limits.doublings, remaining >= self.limits.pause << drained {
            remaining -= self.limits.pause << drained
            drained += 1
        }
        if drained == self.limits.doublings { drained += remaining / (self.limits.pause << self.limits.doublings) }
        return self.limits.capacity + drained
    }

    /// Returns the bound if users of the scope verify codes all the time.
    ///
    /// Each verified code resets the doubling of the pause, so a unit can drain after each of the shortest pauses. The bound
    /// does not include the units that the verified codes remove.
    package func messagesBehindUsers(within seconds: Int) -> Int {
        self.limits.capacity + seconds / self.limits.pause
    }
}
