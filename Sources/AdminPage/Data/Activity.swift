// SPDX-License-Identifier: Apache-2.0

import SMSKit
import SendGuard

/// The numbers of sends, verified codes and refusals in a period, and the cost of the sends.
///
/// The numbers come from the guard's report.
struct Activity: Sendable, Hashable {
    /// The number of sends that the guard admitted.
    var sent = 0

    /// The number of verified codes.
    var verified = 0

    /// The number of refusals.
    ///
    /// A send that several rules refuse counts once for each rule.
    var refused = 0

    /// The cost of the admitted sends, in the unit of the policy's prices.
    ///
    /// Each message counts as one segment, because the report does not contain the number of segments.
    var cost = 0

    /// The number of admitted sends plus the number of refusals.
    var requests: Int { self.sent + self.refused }

    /// The verified codes as a percentage of the admitted sends; `nil` if there are no sends.
    var conversion: Int? { self.sent > 0 ? self.verified * 100 / self.sent : nil }

    /// Adds `count` occurrences of an event.
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

    /// Returns the increase of each count compared with the counts in `earlier`; 0 for a count that has decreased.
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
