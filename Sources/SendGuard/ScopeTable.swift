// SPDX-License-Identifier: Apache-2.0

import SMSKit

/// Maps requests to scopes, with the limits of each scope and the name of its record.
///
/// The limits are created only once.
final class ScopeTable: Sendable {
    let policy: GuardPolicy
    private let modesVersion: Int
    private let hash: ScopeHash
    private let source: ScopeLimits
    private let network: ScopeLimits
    private let purposeLimits: ScopeLimits
    private let blockLimits: ScopeLimits
    let service: ScopeClaim
    private let tenants: [String: ScopeLimits]
    private let otherTenant: ScopeLimits
    private let regions: [Region: ScopeLimits]
    private let otherRegion: ScopeLimits

    init(_ policy: GuardPolicy, _ hash: ScopeHash, modesVersion: Int = 0) {
        self.policy = policy
        self.modesVersion = modesVersion
        self.hash = hash
        self.source = policy.limits(.source)
        self.network = policy.limits(.network)
        self.purposeLimits = policy.limits(.purpose)
        self.blockLimits = policy.limits(.block)
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
        // All requests without an address share the source without bytes.
        let network = request.source?.network ?? []
        let source = request.source?.source ?? []
        var claim = SendClaim(
            origin: [
                ScopeClaim(name: self.hash.name(.network, [network]), limits: self.network),
                ScopeClaim(name: self.hash.name(.source, [source]), limits: self.source),
            ],
            shared: [
                self.service,
                self.tenant(request.tenant),
                self.region(request.number.region),
                self.block(request.block),
                self.purpose(request.purpose, of: request.tenant),
            ],
            facts: self.facts(of: request)
        )
        claim.modesVersion = self.modesVersion
        claim.reportedBlock = request.reportedBlock
        return claim
    }

    /// Returns the scope of a tenant.
    func tenant(_ tenant: String) -> ScopeClaim {
        ScopeClaim(
            name: self.hash.name(.tenant, [Array(tenant.utf8)]),
            limits: self.tenants[tenant] ?? self.otherTenant
        )
    }

    /// Returns the scope of a purpose.
    func purpose(_ purpose: String, of tenant: String) -> ScopeClaim {
        ScopeClaim(
            name: self.hash.name(.purpose, [Array(tenant.utf8), Array(purpose.utf8)]),
            limits: self.purposeLimits
        )
    }

    /// Returns the scope of a block, which is a number in E.164 form without its last four digits.
    func block(_ digits: some StringProtocol) -> ScopeClaim {
        ScopeClaim(name: self.hash.name(.block, [Array(digits.utf8)]), limits: self.blockLimits)
    }

    /// Returns the scope of a lockdown, which is a region or the service.
    func lockable(_ region: Region?) -> ScopeClaim {
        region.map(self.region) ?? self.service
    }

    /// Returns the scope of a region.
    ///
    /// The name does not depend on whether the region is a home region, so that a region keeps its record when this changes.
    func region(_ region: Region?) -> ScopeClaim {
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
