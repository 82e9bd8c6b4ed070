// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Gathers the counts of the report in memory, and writes them to the ledger in the background.
///
/// A crash loses the counts of one interval. No decision waits for the report or depends on it.
final class ReportTally: Sendable {
    private struct State: Sendable {
        var counts: [ReportedEvent: Int] = [:]
        var isWriteScheduled = false
    }

    /// The number of different events in memory; a flood of new blocks is counted by region.
    private static let mostEvents = 2_000

    private let state = Mutex(State())
    private let ledger: any SendLedger
    private let interval: Duration?

    /// Creates an empty tally.
    ///
    /// - Parameters:
    ///   - ledger: The ledger that stores the report.
    ///   - interval: The time from the first count to the write; `nil` to count nothing.
    init(_ ledger: any SendLedger, every interval: Duration?) {
        self.ledger = ledger
        self.interval = interval
    }

    func count(_ decision: GuardDecision, of claim: SendClaim) {
        self.add { tally in
            if decision.outcome == .allow { tally(.sent, claim, hasBlock: true, 1) }
            for finding in decision.findings {
                tally(.found(finding.rule, finding.effect), claim, hasBlock: finding.rule.scope == .block, 1)
            }
        }
    }

    func countRelease(of claim: SendClaim) {
        self.add { $0(.sent, claim, hasBlock: true, -1) }
    }

    func count(_ outcomes: [SendOutcome]) {
        self.add { tally in
            for outcome in outcomes where outcome.kind == .verified {
                tally(.verified, outcome.claim, hasBlock: true, 1)
            }
        }
    }

    /// Writes all counts.
    ///
    /// If the ledger fails, the counts are lost: an unknown outcome must not count twice.
    func flush() async {
        let counts = self.state.withLock { state in
            defer { state = State() }
            return state.counts
        }
        guard !counts.isEmpty else { return }
        try? await self.ledger.add(counts)
    }

    private func add(_ body: ((ReportedEvent.Kind, SendClaim, _ hasBlock: Bool, Int) -> Void) -> Void) {
        guard let interval = self.interval else { return }
        let mustSchedule = self.state.withLock { state in
            body { kind, claim, hasBlock, count in
                let region = claim.facts.destination
                var event = ReportedEvent(kind, region: region, block: hasBlock ? claim.reportedBlock : "")
                if state.counts.count >= Self.mostEvents, state.counts[event] == nil { event = event.ofRegion }
                state.counts[event, default: 0] += count
            }
            defer { state.isWriteScheduled = state.isWriteScheduled || !state.counts.isEmpty }
            return !state.isWriteScheduled && !state.counts.isEmpty
        }
        guard mustSchedule else { return }
        Task {
            // A cancelled sleep only writes earlier.
            try? await Task.sleep(for: interval)
            await self.flush()
        }
    }
}
