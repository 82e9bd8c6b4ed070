// SPDX-License-Identifier: Apache-2.0

import SMSKit
import SendGuard

/// The prices of one segment by region.
struct Prices: Sendable {
    private let prices: [Region: Int]
    private let other: Int?

    /// Creates the prices of a policy; `nil` for no prices.
    init(_ policy: GuardPolicy?) {
        self.prices = policy?.prices ?? [:]
        self.other = policy?.otherPrice
    }

    /// Whether there is no price at all.
    var isEmpty: Bool { self.prices.isEmpty && self.other == nil }

    /// The price of one segment to a region; 0 if it is not known.
    subscript(_ region: RegionCode) -> Int { Region(region.text).flatMap { self.prices[$0] } ?? self.other ?? 0 }
}
