// SPDX-License-Identifier: Apache-2.0

import SMSKit

/// Maps a request to its scopes, with the limits and the hashed name of each scope.
///
/// A scope (``GuardScope``) is a set of requests that share limits. The limits are created only once. The scopes of routes
/// (``Route``), networks and number blocks are cached, because many requests share them.
final class ScopeTable: Sendable {
    /// The tenant, the purpose and the region of a request, as the key of a cache.
    struct Route: Sendable, Hashable {
        let tenant: String
        let purpose: String
        let region: Region?
    }

    /// The tenant, the purpose and the region of a `Route` as scopes.
    private struct RouteScopes: Sendable {
        let tenant: ScopeClaim
        let purpose: ScopeClaim
        let region: ScopeClaim
    }

    /// The maximum number of entries in each of the three caches: routes, networks and blocks.
    ///
    /// A route takes about 300 bytes. A network or a block takes about 100 bytes.
    private static let cacheCapacity = 4_096

    let policy: GuardPolicy
    private let modesVersion: Int
    private let hash: ScopeHash
    private let sourceRules: ScopeRules
    private let networkRules: ScopeRules
    private let purposeRules: ScopeRules
    private let blockRules: ScopeRules
    let service: ScopeClaim
    private let tenants: [String: ScopeRules]
    private let otherTenant: ScopeRules
    private let regions: [Region: ScopeRules]
    private let otherRegion: ScopeRules
    private let limitsMoney: Bool
    private let routes = ScopeCache<Route, RouteScopes>(capacity: ScopeTable.cacheCapacity)
    private let networks = ScopeCache<AddressPrefix, ScopeClaim>(capacity: ScopeTable.cacheCapacity)
    private let blocks = ScopeCache<String, ScopeClaim>(capacity: ScopeTable.cacheCapacity)

    init(_ policy: GuardPolicy, _ hash: ScopeHash, modesVersion: Int = 0) {
        self.policy = policy
        self.modesVersion = modesVersion
        self.hash = hash
        self.sourceRules = ScopeRules(policy.limits(.source))
        self.networkRules = ScopeRules(policy.limits(.network))
        self.purposeRules = ScopeRules(policy.limits(.purpose))
        self.blockRules = ScopeRules(policy.limits(.block))
        let name = hash.name(.service, [])
        self.service = ScopeClaim(name: name, limits: policy.limits(.service, policy.serviceBudget))
        self.tenants = policy.tenantBudgets.mapValues { ScopeRules(policy.limits(.tenant, $0)) }
        self.otherTenant = ScopeRules(policy.limits(.tenant, policy.tenantBudget))
        let listed = policy.homeRegions.union(policy.regionBudgets.keys)
        let limits = listed.map { region in
            let scope: GuardScope = policy.homeRegions.contains(region) ? .homeRegion : .region
            let budget = policy.regionBudgets[region] ?? GuardPolicy.Budget()
            return (region, ScopeRules(policy.limits(scope, budget)))
        }
        self.regions = Dictionary(uniqueKeysWithValues: limits)
        self.otherRegion = ScopeRules(policy.limits(.region))
        self.limitsMoney = policy.limitsMoney
    }

    /// Returns the scopes of a request, and its ``SendFacts``.
    func claim(for request: SendRequest) -> SendClaim {
        let route = Route(tenant: request.tenant, purpose: request.purpose, region: request.number.region)
        let source = request.source?.source ?? .unknown
        var claim = self.claim(route, block: request.block, self.facts(of: request))
        claim.origin = [self.network(source.network), self.source(source)]
        claim.reportedBlock = request.reportedBlock
        return claim
    }

    /// Returns a claim whose source and network are not yet set.
    func claim(_ route: Route, block: some StringProtocol, _ facts: SendFacts) -> SendClaim {
        let common = self.scopes(of: route)
        var claim = SendClaim(
            origin: [],
            shared: [self.service, common.tenant, common.region, self.block(block), common.purpose],
            facts: facts
        )
        claim.modesVersion = self.modesVersion
        return claim
    }

    /// Returns the scope of a source.
    ///
    /// All requests without an address share one source.
    func source(_ source: AddressPrefix) -> ScopeClaim {
        ScopeClaim(name: self.hash.name(.source, [source.bytes]), rules: self.sourceRules)
    }

    /// Returns the scope of a network.
    func network(_ network: AddressPrefix) -> ScopeClaim {
        self.networks.scopes(of: network) {
            ScopeClaim(name: self.hash.name(.network, [network.bytes]), rules: self.networkRules)
        }
    }

    /// Returns the scope of a tenant.
    func tenant(_ tenant: String) -> ScopeClaim {
        ScopeClaim(
            name: self.hash.name(.tenant, [Array(tenant.utf8)]),
            rules: self.tenants[tenant] ?? self.otherTenant
        )
    }

    /// Returns the scope of a purpose.
    func purpose(_ purpose: String, of tenant: String) -> ScopeClaim {
        ScopeClaim(
            name: self.hash.name(.purpose, [Array(tenant.utf8), Array(purpose.utf8)]),
            rules: self.purposeRules
        )
    }

    /// Returns the scope of a number block: a phone number in E.164 form without its last four digits.
    func block(_ digits: some StringProtocol) -> ScopeClaim {
        self.blocks.scopes(of: String(digits)) {
            ScopeClaim(name: self.hash.name(.block, [Array(digits.utf8)]), rules: self.blockRules)
        }
    }

    /// Returns the scope of a lockdown: a region, or the whole service for `nil`.
    func lockable(_ region: Region?) -> ScopeClaim {
        region.map(self.region) ?? self.service
    }

    /// Returns the scope of a region.
    ///
    /// The name of the scope depends only on the region. If ``GuardPolicy/homeRegions`` changes, a region therefore keeps its
    /// record.
    func region(_ region: Region?) -> ScopeClaim {
        let name = self.hash.name(.region, [RegionCode(region).bytes])
        return ScopeClaim(name: name, rules: region.flatMap { self.regions[$0] } ?? self.otherRegion)
    }

    /// Returns the scopes of a route, from the cache if possible.
    private func scopes(of route: Route) -> RouteScopes {
        self.routes.scopes(of: route) {
            RouteScopes(
                tenant: self.tenant(route.tenant),
                purpose: self.purpose(route.purpose, of: route.tenant),
                region: self.region(route.region)
            )
        }
    }

    private func facts(of request: SendRequest) -> SendFacts {
        // If a budget limits money, a message without a price has the highest possible cost.
        let unknownPrice = self.limitsMoney ? GuardPolicy.highestMoney : 0
        var facts = SendFacts(
            cost: min(self.policy.price(of: request) ?? unknownPrice, GuardPolicy.highestMoney),
            destination: RegionCode(request.number.region),
            signals: request.signals
        )
        for entry in self.policy.allowList where entry.covers(request) {
            facts.listedUntil = max(facts.listedUntil, entry.end)
        }
        return facts
    }
}
