// SPDX-License-Identifier: Apache-2.0

/// The limits of a phone number, and how much of each limit was used when the store read the number's record.
package struct NumberLimits: Sendable {
    /// The time of the store's clock when the store read the record.
    package var time: StoreTime

    /// The limits of callers without a valid device token; empty if the store has no record of the number.
    package var open: [LimitUse]

    /// The limits of callers with a valid device token; empty if the store has no record of the number.
    package var device: [LimitUse]

    /// Creates the limits.
    package init(time: StoreTime, open: [LimitUse], device: [LimitUse]) {
        self.time = time
        self.open = open
        self.device = device
    }
}
