// SPDX-License-Identifier: Apache-2.0

/// The outcome of a code that was sent: verified, or a failed attempt.
public struct SendOutcome: Sendable, Hashable {
    /// The kinds of outcomes.
    ///
    /// The enumeration is closed.
    public enum Kind: Sendable, Hashable {
        /// The code was verified: the send converted.
        case verified
        /// A wrong code was compared.
        case failed
    }

    /// The scopes of the send, or of a request with the same number, tenant, purpose and source.
    public let claim: SendClaim

    /// The kind of the outcome.
    public let kind: Kind

    /// Creates an outcome.
    ///
    /// - Parameters:
    ///   - claim: The scopes of the send.
    ///   - kind: The kind of the outcome.
    public init(_ claim: SendClaim, _ kind: Kind) {
        self.claim = claim
        self.kind = kind
    }

    /// Sums up the outcomes of each scope, in the order of their first outcomes.
    ///
    /// Only measures that a scope uses are counted: a scope without them is left out.
    ///
    /// - Parameters:
    ///   - outcomes: The outcomes.
    ///   - scopes: The group of scopes.
    /// - Returns: Each scope once, with its numbers of verified sends and failed attempts.
    public static func sums(
        _ outcomes: [SendOutcome],
        _ scopes: KeyPath<SendClaim, [ScopeClaim]>
    ) -> [(scope: ScopeClaim, successes: Int, failures: Int)] {
        var sums: [(scope: ScopeClaim, successes: Int, failures: Int)] = []
        var positions: [[UInt8]: Int] = [:]
        for outcome in outcomes {
            for scope in outcome.claim[keyPath: scopes] where scope.limits.countsOutcomes {
                let position = positions[scope.name] ?? sums.count
                if position == sums.count {
                    sums.append((scope, 0, 0))
                    positions[scope.name] = position
                }
                switch outcome.kind {
                case .verified: sums[position].successes += 1
                case .failed: sums[position].failures += 1
                }
            }
        }
        // A failed attempt changes only scopes that count failures.
        return sums.filter { $0.successes > 0 || $0.scope.limits.failures.mode != .off }
    }
}
