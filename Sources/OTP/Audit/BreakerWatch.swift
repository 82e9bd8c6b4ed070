// SPDX-License-Identifier: Apache-2.0

import SendGuard
import Synchronization

/// Detects when a circuit breaker of the guard (`SMSGuard`) starts or stops refusing sends.
///
/// During an attack, the service therefore records one audit event for each change, instead of one for each refused send.
final class BreakerWatch: Sendable {
    /// A circuit breaker that has started or stopped refusing sends.
    struct Change: Sendable {
        /// The result of the guard's rule when the circuit breaker started to refuse sends.
        var finding: GuardFinding
        var isOpen: Bool
    }

    private struct Breaker: Hashable {
        var rule: GuardRule.Name
        var scope: ScopeName
    }

    /// The maximum number of circuit breakers that are remembered while they refuse sends.
    ///
    /// Without a maximum, an attack could fill the memory.
    private static let maximum = 1_024

    private static let measures: Set<GuardMeasure> = [.unverified, .failures, .destinations, .growth]

    private let open = Mutex<[Breaker: GuardFinding]>([:])

    /// Compares a decision with earlier decisions, and returns the circuit breakers that have started or stopped refusing
    /// sends.
    func changes(_ decision: GuardDecision) -> [Change] {
        let scopes = decision.claim.origin + decision.claim.shared
        return self.open.withLock { open in
            var changes: [Change] = []
            // A circuit breaker that admits an ordinary send has closed. A send of a known device is not ordinary, because it
            // can pass an open circuit breaker.
            let isOrdinary = decision.claim.facts.standing(at: decision.time) == .ordinary
            for (breaker, finding) in open where isOrdinary && scopes.contains(where: { $0.name == breaker.scope }) {
                guard !decision.findings.contains(where: { $0.rule == breaker.rule }) else { continue }
                open[breaker] = nil
                changes.append(Change(finding: finding, isOpen: false))
            }
            for finding in decision.findings
            where Self.measures.contains(finding.rule.measure) && finding.effect.refuses {
                guard let scope = scopes.first(where: { $0.limits.scope == finding.rule.scope }) else { continue }
                let breaker = Breaker(rule: finding.rule, scope: scope.name)
                guard open[breaker] == nil, open.count < Self.maximum else { continue }
                open[breaker] = finding
                changes.append(Change(finding: finding, isOpen: true))
            }
            return changes
        }
    }
}
