// SPDX-License-Identifier: Apache-2.0

import SMSKit
import SendGuard

/// Counts of the guard's report during some time.
struct Activity: Sendable, Hashable {
    /// The sends that the guard admitted.
    var sent = 0

    /// The verified codes.
    var verified = 0

    /// The refusals.
    ///
    /// A send that several rules refused counts once for each rule.
    var refused = 0

    /// The cost of the sends, with one segment for each message, in the unit of the policy's prices.
    var cost = 0

    /// The admitted and the refused sends.
    var requests: Int { self.sent + self.refused }

    /// The share of verified sends in percent; `nil` without sends.
    var conversion: Int? { self.sent > 0 ? self.verified * 100 / self.sent : nil }

    /// Adds the count of an event.
    mutating func add(_ event: ReportedEvent, _ count: Int, _ prices: Prices) {
        switch event.kind {
        case .sent:
            self.sent += count
            self.cost += count * prices[event.region]
        case .verified: self.verified += count
        case .found(_, let effect) where effect.refuses: self.refused += count
        case .found: break
        }
    }

    /// Returns the difference to an earlier state of the same counts, which never is negative.
    func since(_ earlier: Activity) -> Activity {
        Activity(
            sent: max(self.sent - earlier.sent, 0),
            verified: max(self.verified - earlier.verified, 0),
            refused: max(self.refused - earlier.refused, 0),
            cost: max(self.cost - earlier.cost, 0)
        )
    }

    static func + (left: Self, right: Self) -> Self {
        Activity(
            sent: left.sent + right.sent,
            verified: left.verified + right.verified,
            refused: left.refused + right.refused,
            cost: left.cost + right.cost
        )
    }
}
