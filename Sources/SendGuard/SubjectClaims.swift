// SPDX-License-Identifier: Apache-2.0

/// Creates the claims of many outcomes, and hashes a name that they have in common only once.
struct SubjectClaims {
    private struct Block: Hashable {
        let number: UInt64
        let route: ScopeTable.Route

        /// Hashes the number only, because the subjects of a block differ rarely in their routes.
        func hash(into hasher: inout Hasher) { hasher.combine(self.number) }
    }

    private let table: ScopeTable
    private var networks: [AddressPrefix: ScopeClaim] = [:]
    /// The claims without a source and a network.
    private var blocks: [Block: SendClaim] = [:]

    init(_ table: ScopeTable) {
        self.table = table
    }

    /// Returns the scopes of the outcomes of a subject.
    ///
    /// Their facts have no cost and no signals, which an outcome does not depend on.
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
