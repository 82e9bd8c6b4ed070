// SPDX-License-Identifier: Apache-2.0

import SMSKit
import SendGuard
import StrictJSON

/// The policy of a guard against SMS pumping, parsed from a JSON document.
///
/// ```json
/// {
///   "homeRegions": ["SG", "GB"],
///   "budgets": {
///     "service": {"messages": 20000, "money": 8000000},
///     "tenant": {"messages": 2000},
///     "tenants": {"acme": {"messages": 5000}},
///     "regions": {"GB": {"money": 2000000}}
///   },
///   "prices": {"SG": 400, "GB": 350, "other": 2500},
///   "allow": [{"addresses": "192.0.2.0/24", "until": "2027-01-31T00:00:00Z"}],
///   "rules": {"unverified-block": {"mode": "monitor", "capacity": 20, "checkedCapacity": 60}}
/// }
/// ```
struct GuardFile: Sendable {
    private static let maximumSize = 1 << 20

    /// The policy.
    private(set) var policy: GuardPolicy

    /// A mistake in the document.
    struct Mistake: Error {
        /// The path of the invalid entry in the document, such as `prices.SG`; empty for the whole document.
        var entry: String

        var reason: String

        /// The path of the entry and the reason, for an error message.
        var text: String { self.entry.isEmpty ? self.reason : "\(self.entry): \(self.reason)" }
    }

    /// Parses a document, and checks the policy in it.
    ///
    /// - Parameter json: The document.
    /// - Throws: ``Mistake`` with the path of the invalid entry and the reason.
    init(json: some Collection<UInt8>) throws(Mistake) {
        guard json.count <= Self.maximumSize else { throw Mistake(entry: "", reason: "it is larger than 1 MiB") }
        let document: JSON
        do {
            document = try JSON(parsing: json, rules: .ownFormat)
        } catch {
            throw Mistake(entry: "", reason: "it is not JSON: \(error)")
        }
        let members = try GuardFileEntry("", document).members(["homeRegions", "budgets", "prices", "allow", "rules"])
        self.policy = GuardPolicy(
            homeRegions: Set(try members["homeRegions"]?.elements().map(Self.region) ?? []),
            serviceBudget: .init()
        )
        if let budgets = members["budgets"] { try self.readBudgets(budgets) }
        if let prices = members["prices"] { try self.readPrices(prices) }
        self.policy.allowList = try members["allow"]?.elements().map(Self.allowEntry) ?? []
        for (name, rule) in try members["rules"]?.sortedMembers() ?? [] { try self.readRule(name, rule) }
        do {
            try self.policy.check()
        } catch {
            throw Mistake(entry: error.entry, reason: error.message)
        }
    }

    private mutating func readBudgets(_ entry: GuardFileEntry) throws(Mistake) {
        let members = try entry.members(["service", "tenant", "tenants", "regions"])
        if let budget = members["service"] { self.policy.serviceBudget = try Self.budget(budget) }
        if let budget = members["tenant"] { self.policy.tenantBudget = try Self.budget(budget) }
        for (tenant, budget) in try members["tenants"]?.sortedMembers() ?? [] {
            self.policy.tenantBudgets[tenant] = try Self.budget(budget)
        }
        for (code, budget) in try members["regions"]?.sortedMembers() ?? [] {
            self.policy.regionBudgets[try Self.region(code, budget)] = try Self.budget(budget)
        }
    }

    private mutating func readPrices(_ entry: GuardFileEntry) throws(Mistake) {
        for (code, price) in try entry.sortedMembers() {
            if code == "other" {
                self.policy.otherPrice = try price.integer()
            } else {
                self.policy.prices[try Self.region(code, price)] = try price.integer()
            }
        }
    }

    private mutating func readRule(_ text: String, _ entry: GuardFileEntry) throws(Mistake) {
        guard let name = GuardRule.Name(text), var rule = self.policy[name] else {
            throw entry.mistake("there is no such rule")
        }
        var members = try entry.members(["mode"] + rule.threshold.names)
        if let entry = members.removeValue(forKey: "mode") { rule.mode = try Self.mode(entry) }
        for (name, entry) in members.sorted(by: { $0.key < $1.key }) {
            rule.threshold.set(name, to: try entry.integer())
        }
        self.policy[name] = rule
    }

    private static func mode(_ entry: GuardFileEntry) throws(Mistake) -> GuardMode {
        let text = try entry.string()
        guard let mode = GuardMode.allCases.first(where: { $0.description == text }) else {
            throw entry.mistake("it is not one of \(GuardMode.allCases.map(\.description).joined(separator: ", "))")
        }
        return mode
    }

    private static func budget(_ entry: GuardFileEntry) throws(Mistake) -> GuardPolicy.Budget {
        let members = try entry.members(["messages", "money"])
        return GuardPolicy.Budget(messages: try members["messages"]?.integer(), money: try members["money"]?.integer())
    }

    private static func allowEntry(_ entry: GuardFileEntry) throws(Mistake) -> AllowEntry {
        let members = try entry.members(["addresses", "numbers", "until"])
        guard let until = members["until"] else { throw entry.mistake("it has no end: add until") }
        let end = try until.time()
        switch (members["addresses"], members["numbers"]) {
        case (let addresses?, nil):
            guard let range = AddressRange(try addresses.string()) else {
                throw addresses.mistake("it is not an address or a range such as 192.0.2.0/24")
            }
            return AllowEntry(.addresses(range), until: end)
        case (nil, let numbers?): return AllowEntry(.numbers(prefix: try numbers.string()), until: end)
        default: throw entry.mistake("it must have either addresses or numbers")
        }
    }

    private static func region(_ entry: GuardFileEntry) throws(Mistake) -> Region {
        try self.region(try entry.string(), entry)
    }

    private static func region(_ code: String, _ entry: GuardFileEntry) throws(Mistake) -> Region {
        guard let region = Region(code) else { throw entry.mistake("it is not a region such as SG") }
        return region
    }
}

extension GuardRule.Threshold {
    /// The names of the JSON members of this threshold, such as `capacity`.
    fileprivate var names: [String] {
        switch self {
        case .none, .budget: []
        case .growth: ["floor", "factor"]
        case .bucket: ["capacity", "checkedCapacity", "pause", "doublings", "weight", "credit", "share"]
        case .regions: ["regions"]
        }
    }

    /// Sets one number of the threshold.
    ///
    /// The name must be one of ``names``.
    fileprivate mutating func set(_ name: String, to value: Int) {
        switch self {
        case .none, .budget: break
        case .growth(let floor, let factor):
            self = name == "floor" ? .growth(floor: value, factor: factor) : .growth(floor: floor, factor: value)
        case .regions: self = .regions(value)
        case .bucket(var limits):
            switch name {
            case "capacity": limits.capacity = value
            case "checkedCapacity": limits.checkedCapacity = value
            case "pause": limits.pause = value
            case "doublings": limits.doublings = value
            case "weight": limits.weight = value
            case "credit": limits.credit = value
            default: limits.share = value
            }
            self = .bucket(limits)
        }
    }
}
