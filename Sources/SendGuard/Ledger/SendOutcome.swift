// SPDX-License-Identifier: Apache-2.0

/// The outcome of sent codes: a number of verified sends, or a number of failed attempts.
public struct SendOutcome: Sendable, Hashable {
    /// The kinds of outcomes.
    ///
    /// No cases will be added.
    public enum Kind: Sendable, Hashable {
        /// The code was verified.
        case verified
        /// An attempt failed, because the code was wrong.
        case failed
    }

    /// The scopes of the send.
    ///
    /// A ledger counts the outcome in the records of these scopes.
    public let claim: SendClaim

    /// The kind of the outcome.
    public let kind: Kind

    /// The number of sends or attempts with this outcome and these scopes.
    public let count: Int

    /// Creates an outcome.
    ///
    /// - Parameters:
    ///   - claim: The scopes of the send.
    ///   - kind: The kind of the outcome.
    ///   - count: The number of sends or attempts, at least 1.
    public init(_ claim: SendClaim, _ kind: Kind, count: Int = 1) {
        self.claim = claim
        self.kind = kind
        self.count = count
    }

    /// Returns the number of verified sends and the number of failed attempts for each scope.
    ///
    /// A scope is omitted if the outcomes do not change its record.
    ///
    /// - Parameters:
    ///   - outcomes: The outcomes.
    ///   - scopes: The scopes to include: ``SendClaim/origin`` or ``SendClaim/shared``.
    /// - Returns: The scopes, each with its numbers of verified sends and failed attempts.
    public static func sums(
        _ outcomes: [SendOutcome],
        _ scopes: KeyPath<SendClaim, [ScopeClaim]>
    ) -> [(scope: ScopeClaim, successes: Int, failures: Int)] {
        var sums: [(scope: ScopeClaim, successes: Int, failures: Int)] = []
        var positions: [ScopeName: Int] = [:]
        for outcome in outcomes {
            for scope in outcome.claim[keyPath: scopes] where scope.rules.limits.countsOutcomes {
                let position = positions[scope.name] ?? sums.count
                if position == sums.count {
                    sums.append((scope, 0, 0))
                    positions[scope.name] = position
                }
                switch outcome.kind {
                case .verified: sums[position].successes += outcome.count
                case .failed: sums[position].failures += outcome.count
                }
            }
        }
        // A failed attempt changes only scopes that count failures.
        return sums.filter { $0.successes > 0 || $0.scope.limits.failures.mode != .off }
    }
}
