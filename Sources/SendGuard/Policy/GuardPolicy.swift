// SPDX-License-Identifier: Apache-2.0

public import SMSKit

/// The rules of a guard, and the operator's budgets, prices, home regions and exceptions.
public struct GuardPolicy: Sendable, Hashable {
    /// The largest amount of money in a budget or a record.
    ///
    /// The Lua scripts of `RedisSendLedger` cannot compute percentages of a larger amount exactly.
    package static let highestMoney = 1 << 46 - 1

    /// The table of rules.
    public var rules = GuardRule.standard

    /// The home regions, in which the service has users.
    ///
    /// Home regions have larger limits than other regions, even before the first code is verified.
    public var homeRegions: Set<Region>

    /// The budget of the whole service.
    public var serviceBudget: Budget

    /// The budget of a tenant that ``tenantBudgets`` does not list.
    public var tenantBudget = Budget(messages: 2_000)

    /// The budgets of tenants, keyed by the name of the tenant.
    public var tenantBudgets: [String: Budget] = [:]

    /// The budgets of regions, keyed by region.
    public var regionBudgets: [Region: Budget] = [:]

    /// The price of one message segment to each region, in any unit, such as 1/10,000 dollar.
    ///
    /// If a budget limits money, every region that may receive messages needs a price here, unless ``otherPrice`` is set.
    public var prices: [Region: Int] = [:]

    /// The price of one message segment to a region that ``prices`` does not contain.
    ///
    /// If this price is `nil`, budgets that limit money refuse messages to such regions.
    public var otherPrice: Int?

    /// The entries of the allow-list.
    ///
    /// The requests to which an entry applies bypass the breakers (rules with a leaky bucket) and the limit on regions
    /// (``GuardMeasure/destinations``).
    public var allowList: [AllowEntry] = []

    /// Whether the service can ask for a human check, such as a captcha.
    ///
    /// Without a human check, a rule with the mode ``GuardMode/challenge`` blocks the send.
    public var hasHumanCheck = false

    /// Creates a policy with the standard rules.
    ///
    /// - Parameters:
    ///   - homeRegions: The regions in which the service has users.
    ///   - serviceBudget: The budget of the whole service.
    public init(homeRegions: Set<Region>, serviceBudget: Budget) {
        self.homeRegions = homeRegions
        self.serviceBudget = serviceBudget
    }

    /// Reads, adds or replaces a rule; setting `nil` removes the rule.
    public subscript(_ name: GuardRule.Name) -> GuardRule? {
        get { self.rules.first { $0.name == name } }
        set {
            self.rules.removeAll { $0.name == name }
            if let newValue { self.rules.append(newValue) }
        }
    }

    /// Returns the budget of a tenant.
    func budget(ofTenant tenant: String) -> Budget { self.tenantBudgets[tenant] ?? self.tenantBudget }

    /// Returns the price of a message; `nil` if the policy has no price for the region.
    func price(of request: SendRequest) -> Int? {
        let price = request.number.region.flatMap { self.prices[$0] } ?? self.otherPrice
        return price.map { $0 * request.segments }
    }

    /// Whether any budget limits money.
    ///
    /// In this case, every message needs a price.
    var limitsMoney: Bool {
        let budgets = [self.serviceBudget, self.tenantBudget] + self.tenantBudgets.values + self.regionBudgets.values
        return budgets.contains { $0.money != nil }
    }
}
