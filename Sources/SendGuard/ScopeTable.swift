// SPDX-License-Identifier: Apache-2.0

import SMSKit

/// Maps requests to scopes, with the limits of each scope and the name of its record.
///
/// The limits are created only once.
struct ScopeTable: Sendable {
    let policy: GuardPolicy
    private let hash: ScopeHash
    private let source: ScopeLimits
    private let network: ScopeLimits
    private let purpose: ScopeLimits
    private let block: ScopeLimits
    private let service: ScopeClaim
    private let tenants: [String: ScopeLimits]
    private let otherTenant: ScopeLimits
    private let regions: [Region: ScopeLimits]
    private let otherRegion: ScopeLimits

    init(_ policy: GuardPolicy, _ hash: ScopeHash) {
        self.policy = policy
        self.hash = hash
        self.source = policy.limits(.source)
        self.network = policy.limits(.network)
        self.purpose = policy.limits(.purpose)
        self.block = policy.limits(.block)
        let name = hash.name(.service, [])
        self.service = ScopeClaim(name: name, limits: policy.limits(.service, policy.serviceBudget))
        self.tenants = policy.tenantBudgets.mapValues { policy.limits(.tenant, $0) }
        self.otherTenant = policy.limits(.tenant, policy.tenantBudget)
        let listed = policy.homeRegions.union(policy.regionBudgets.keys)
        let limits = listed.map { region in
            let scope: GuardScope = policy.homeRegions.contains(region) ? .homeRegion : .region
            return (region, policy.limits(scope, policy.regionBudgets[region] ?? GuardPolicy.Budget()))
        }
        self.regions = Dictionary(uniqueKeysWithValues: limits)
        self.otherRegion = policy.limits(.region)
    }

    /// Returns the scopes and the facts of a request.
    func claim(for request: SendRequest) -> SendClaim {
        let tenant = Array(request.tenant.utf8)
        // All requests without an address share the source without bytes.
        let network = request.source?.network ?? []
        let source = request.source?.source ?? []
        return SendClaim(
            origin: [
                ScopeClaim(name: self.hash.name(.network, [network]), limits: self.network),
                ScopeClaim(name: self.hash.name(.source, [source]), limits: self.source),
            ],
            shared: [
                self.service,
                ScopeClaim(
                    name: self.hash.name(.tenant, [tenant]),
                    limits: self.tenants[request.tenant] ?? self.otherTenant
                ),
                self.region(request.number.region),
                ScopeClaim(name: self.hash.name(.block, [Array(request.block.utf8)]), limits: self.block),
                ScopeClaim(
                    name: self.hash.name(.purpose, [tenant, Array(request.purpose.utf8)]),
                    limits: self.purpose
                ),
            ],
            facts: self.facts(of: request)
        )
    }

    /// Returns the scope of a lockdown, which is a region or the service.
    func lockable(_ region: Region?) -> ScopeClaim {
        region.map(self.region) ?? self.service
    }

    /// Returns the scope of a region.
    ///
    /// The name does not depend on whether the region is a home region, so that a region keeps its record when this changes.
    private func region(_ region: Region?) -> ScopeClaim {
        let name = self.hash.name(.region, [RegionCode(region).bytes])
        return ScopeClaim(name: name, limits: region.flatMap { self.regions[$0] } ?? self.otherRegion)
    }

    private func facts(of request: SendRequest) -> SendFacts {
        // The cost of a message without a price exceeds every budget of money.
        let unknownPrice = self.policy.limitsMoney ? GuardPolicy.highestMoney : 0
        let ends = self.policy.allowList.filter { $0.covers(request) }.map(\.end)
        return SendFacts(
            cost: min(self.policy.price(of: request) ?? unknownPrice, GuardPolicy.highestMoney),
            destination: RegionCode(request.number.region),
            signals: request.signals,
            listedUntil: ends.max() ?? LedgerTime(seconds: 0)
        )
    }
}
