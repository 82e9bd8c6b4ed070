// SPDX-License-Identifier: Apache-2.0

import SMSKit

extension ScopeTable {
    /// The maximum number of blocks that a status takes from the daily report (``ReportDay``).
    ///
    /// A block contains all phone numbers with the same leading digits. A block of the report omits the last five digits, and a
    /// block of the ledger omits the last four. Each block of the report therefore contains ten blocks of the ledger. A status
    /// lists all ten.
    private static let mostBlocks = 50

    /// Returns the scopes that a ``GuardStatus`` can contain, each with the name that the status shows.
    ///
    /// The order is: the service, each tenant with its purposes, the regions, and the number blocks.
    func listed(_ tenants: [String], _ purposes: [String], _ report: ReportDay) -> [(name: String, claim: ScopeClaim)] {
        let tenants = Set(self.policy.tenantBudgets.keys).union(tenants).sorted()
        var listed = [("", self.service)]
        for tenant in tenants {
            listed.append((tenant, self.tenant(tenant)))
            for purpose in purposes { listed.append(("\(tenant)/\(purpose)", self.purpose(purpose, of: tenant))) }
        }
        listed += self.regions(report).map { ($0.code, self.region($0)) }
        for block in self.blocks(report) { listed.append(("+\(block)****", self.block("+\(block)"))) }
        return listed
    }

    private func regions(_ report: ReportDay) -> [Region] {
        let reported = report.counts.keys.compactMap { Region($0.region.text) }
        return self.policy.homeRegions.union(self.policy.regionBudgets.keys).union(self.policy.prices.keys)
            .union(reported)
            .sorted { $0.code < $1.code }
    }

    /// Returns the number blocks of the ledger that a status lists, each as the first digits of its phone numbers.
    ///
    /// The method chooses the blocks of the report that have the most findings. For each of these blocks, it returns the ten
    /// smaller blocks of the ledger.
    private func blocks(_ report: ReportDay) -> [String] {
        var counts: [String: Int] = [:]
        for (event, count) in report.counts where !event.block.isEmpty {
            if case .found = event.kind { counts[event.block, default: 0] += count }
        }
        return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(Self.mostBlocks)
            .flatMap { prefix in (0..<10).map { "\(prefix.key)\($0)" } }
    }
}
