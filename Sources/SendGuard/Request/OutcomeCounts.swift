// SPDX-License-Identifier: Apache-2.0

/// The number of verified sends, and the number of failed attempts.
package struct OutcomeCounts: Sendable, Hashable {
    /// The number of verified sends.
    package private(set) var verified = 0

    /// The number of failed attempts.
    package private(set) var failed = 0

    /// Creates counts that are 0.
    package init() {}

    /// Counts an outcome.
    package mutating func add(_ kind: SendOutcome.Kind) {
        switch kind {
        case .verified: self.verified += 1
        case .failed: self.failed += 1
        }
    }
}
