// SPDX-License-Identifier: Apache-2.0

package import SendGuard

/// The maximum number of messages that a leaky bucket for unverified sends admits during an attack.
///
/// The bound is the capacity of the bucket, plus one message for each unit that drains during the attack. `Docs/GuardBounds.md`
/// derives this bound.
package struct PumpBound: Sendable {
    private let limits: LeakyBucket.Limits

    /// Creates the bound of a bucket.
    package init(_ limits: LeakyBucket.Limits) {
        self.limits = limits
    }

    /// Returns the bound for an attack of a given duration if the bucket counts only sends whose codes are never verified.
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

    /// Returns the bound for an attack of a given duration if the bucket also counts the sends of users who verify codes.
    ///
    /// Each verified code resets the pause between two drained units to its shortest value. The bound therefore assumes that
    /// units drain at the highest rate. The bound ignores the units that verified codes remove.
    package func messagesBehindUsers(within seconds: Int) -> Int {
        self.limits.capacity + seconds / self.limits.pause
    }
}
