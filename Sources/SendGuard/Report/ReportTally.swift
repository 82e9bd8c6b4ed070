// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Collects the counts of the daily report (``ReportDay``) in memory, and writes the counts to the ledger in the background.
///
/// A crash loses the counts of one interval. Decisions do not depend on the report.
final class ReportTally: Sendable {
    private struct State: Sendable {
        var counts: [ReportedEvent: Int] = [:]
        var isWriteScheduled = false
    }

    /// The maximum number of different events in memory.
    ///
    /// Above this maximum, new events are counted by region instead of by number block.
    private static let mostEvents = 2_000

    private let state = Mutex(State())
    private let ledger: any SendLedger
    private let interval: Duration?

    /// Creates an empty tally.
    ///
    /// - Parameters:
    ///   - ledger: The ledger that stores the report.
    ///   - interval: The time from the first count to the write; `nil` to disable the report.
    init(_ ledger: any SendLedger, every interval: Duration?) {
        self.ledger = ledger
        self.interval = interval
    }

    func count(_ decision: GuardDecision, of claim: SendClaim) {
        guard self.interval != nil else { return }
        let ofBlock = { (kind: ReportedEvent.Kind) in Self.event(kind, of: claim) }
        var events = decision.outcome == .allow ? [(ofBlock(.sent), 1)] : []
        for finding in decision.findings {
            let event = ofBlock(.found(finding.rule, finding.effect))
            events.append((finding.rule.scope == .block ? event : event.ofRegion, 1))
        }
        self.add(events)
    }

    func countRelease(of claim: SendClaim) {
        self.add([(Self.event(.sent, of: claim), -1)])
    }

    func count(_ outcomes: [SendOutcome]) {
        self.add(outcomes.filter { $0.kind == .verified }.map { (Self.event(.verified, of: $0.claim), $0.count) })
    }

    private static func event(_ kind: ReportedEvent.Kind, of claim: SendClaim) -> ReportedEvent {
        ReportedEvent(kind, region: claim.facts.destination, block: claim.reportedBlock)
    }

    /// Writes all counts to the ledger.
    ///
    /// If the ledger throws an error, the counts are lost. A retry could count events twice, because the ledger may have stored
    /// the counts before the error.
    func flush() async {
        let counts = self.state.withLock { state in
            defer { state = State() }
            return state.counts
        }
        guard !counts.isEmpty else { return }
        try? await self.ledger.add(counts)
    }

    private func add(_ events: [(event: ReportedEvent, count: Int)]) {
        guard let interval = self.interval, !events.isEmpty else { return }
        let mustSchedule = self.state.withLock { state in
            for (event, count) in events {
                let isKnown = state.counts.count < Self.mostEvents || state.counts[event] != nil
                state.counts[isKnown ? event : event.ofRegion, default: 0] += count
            }
            defer { state.isWriteScheduled = true }
            return !state.isWriteScheduled
        }
        guard mustSchedule else { return }
        // Detached, because the counts do not belong to the tracing span of a caller.
        Task.detached {
            // If the task is cancelled, the counts are written earlier.
            try? await Task.sleep(for: interval)
            await self.flush()
        }
    }
}
