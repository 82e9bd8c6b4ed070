// SPDX-License-Identifier: Apache-2.0

import SMSKit
import SendGuard

/// The price of one message segment in each region.
struct Prices: Sendable {
    private let prices: [Region: Int]
    private let other: Int?

    /// Creates the prices of a policy; if the policy is `nil`, there are no prices.
    init(_ policy: GuardPolicy?) {
        self.prices = policy?.prices ?? [:]
        self.other = policy?.otherPrice
    }

    /// Whether no price is known.
    var isEmpty: Bool { self.prices.isEmpty && self.other == nil }

    /// The price of one message segment to a region; 0 if the price is not known.
    subscript(_ region: RegionCode) -> Int { Region(region.text).flatMap { self.prices[$0] } ?? self.other ?? 0 }
}
