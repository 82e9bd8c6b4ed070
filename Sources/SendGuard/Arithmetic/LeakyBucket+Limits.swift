// SPDX-License-Identifier: Apache-2.0

extension LeakyBucket {
    /// The capacity of a leaky bucket, its drain rate, and the weights of events.
    public struct Limits: Sendable, Hashable {
        /// The capacity for a request that has not passed a human check, in units.
        public var capacity: Int

        /// The capacity for a request that passed a human check, in units; at least ``capacity``.
        public var checkedCapacity: Int

        /// The seconds until one unit drains.
        public var pause: Int

        /// The maximum number of doublings of the pause.
        ///
        /// The pause doubles after each drained unit, until a verified send resets the pause.
        public var doublings: Int

        /// The number of units that one failed attempt adds.
        ///
        /// A send always adds one unit.
        public var weight: Int

        /// The number of units that one verified send removes.
        public var credit: Int

        /// The number of verified sends that raise both capacities by one unit; 0 to keep the capacities fixed.
        ///
        /// For example, with a share of 16, 160 verified sends raise both capacities by 10 units. The guard uses the verified
        /// sends of today or of the best recent day (``ScopeRecord/peak``), whichever number is higher.
        public var share: Int

        /// Creates limits.
        ///
        /// - Parameters:
        ///   - capacity: The capacity for an ordinary request, 1 to 65,535 units.
        ///   - checkedCapacity: The capacity for a request that passed a human check, `capacity` to 65,535 units.
        ///   - pause: The seconds until one unit drains, 1 to 86,400.
        ///   - doublings: The maximum number of doublings of the pause, 0 to 15.
        ///   - weight: The number of units that one failed attempt adds, 1 to 255.
        ///   - credit: The number of units that one verified send removes, 0 to 255.
        ///   - share: The number of verified sends that raise both capacities by one unit, 0 to 65,535.
        public init(
            capacity: Int,
            checkedCapacity: Int,
            pause: Int,
            doublings: Int = 0,
            weight: Int = 1,
            credit: Int,
            share: Int = 0
        ) {
            self.capacity = capacity
            self.checkedCapacity = checkedCapacity
            self.pause = pause
            self.doublings = doublings
            self.weight = weight
            self.credit = credit
            self.share = share
        }
    }
}
