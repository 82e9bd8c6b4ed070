// SPDX-License-Identifier: Apache-2.0

/// Creates the ``SendClaim`` of each subject (``OutcomeSubject``) in a batch of outcomes.
///
/// Many outcomes have the same number block or network. The name of each block and each network is hashed only once.
struct SubjectClaims {
    private struct Block: Hashable {
        let number: UInt64
        let route: ScopeTable.Route

        /// Hashes only the number block, because subjects of the same block rarely differ in tenant, purpose or region.
        func hash(into hasher: inout Hasher) { hasher.combine(self.number) }
    }

    private let table: ScopeTable
    private var networks: [AddressPrefix: ScopeClaim] = [:]
    /// The claims without source and network, keyed by number block, tenant, purpose and region.
    private var blocks: [Block: SendClaim] = [:]

    init(_ table: ScopeTable) {
        self.table = table
    }

    /// Returns the claim for the outcomes of a subject.
    ///
    /// The facts of the claim have no cost and no signals, because neither the cost nor the signals affect outcomes.
    mutating func claim(for subject: OutcomeSubject) -> SendClaim {
        var claim = self.claim(withoutSourceOf: subject)
        claim.origin = [self.network(of: subject), self.table.source(subject.source)]
        return claim
    }

    private mutating func claim(withoutSourceOf subject: OutcomeSubject) -> SendClaim {
        let block = Block(number: subject.blockNumber, route: subject.route)
        if let claim = self.blocks[block] { return claim }
        let facts = SendFacts(cost: 0, destination: RegionCode(subject.route.region), signals: [])
        var claim = self.table.claim(subject.route, block: subject.block, facts)
        claim.reportedBlock = subject.reportedBlock
        self.blocks[block] = claim
        return claim
    }

    private mutating func network(of subject: OutcomeSubject) -> ScopeClaim {
        let network = subject.source.network
        if let claim = self.networks[network] { return claim }
        let claim = self.table.network(network)
        self.networks[network] = claim
        return claim
    }
}
