// SPDX-License-Identifier: Apache-2.0

extension LeakyBucket {
    /// The size of a bucket, and the speed at which it drains.
    public struct Limits: Sendable, Hashable {
        /// The units that the bucket holds for an ordinary request.
        public var capacity: Int

        /// The units that the bucket holds for a request that passed a human check; at least ``capacity``.
        public var checkedCapacity: Int

        /// The seconds until one unit drains.
        public var pause: Int

        /// The number of times that the pause doubles, once after each drained unit, until a success resets it.
        public var doublings: Int

        /// The units that one event adds.
        public var weight: Int

        /// The units that one success removes.
        public var credit: Int

        /// The number of verified sends a day that add one unit to both capacities; 0 if history adds no capacity.
        public var share: Int

        /// Creates limits.
        ///
        /// - Parameters:
        ///   - capacity: The units that the bucket holds for an ordinary request: 1 to 65,535.
        ///   - checkedCapacity: The units that it holds for a request that passed a human check.
        ///   - pause: The seconds until one unit drains: 1 to 86,400.
        ///   - doublings: The number of times that the pause doubles: 0 to 15.
        ///   - weight: The units that one event adds: 1 to 255.
        ///   - credit: The units that one success removes: 0 to 255.
        ///   - share: The number of verified sends a day that add one unit of capacity: 0 to 65,535.
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
