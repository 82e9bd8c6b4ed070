// SPDX-License-Identifier: Apache-2.0

/// Exponential back-off with jitter.
///
/// Each further failure doubles the upper bound of the delay, until the bound reaches ``maximum``. The caller counts the
/// failures.
package struct Backoff: Sendable, Hashable {
    /// The part of a delay that is random.
    package enum Jitter: Sendable, Hashable {
        /// The delay is random between zero and its upper bound, which spreads the retries of many clients over time.
        case full
        /// The delay is random between half of its upper bound and the full upper bound.
        case half
    }

    /// The upper bound of the delay after the first failure.
    package var base: Duration

    /// The longest possible delay, after any number of failures.
    package var maximum: Duration

    /// The part of a delay that is random.
    package var jitter: Jitter

    /// Creates a back-off.
    package init(base: Duration, maximum: Duration, jitter: Jitter) {
        self.base = base
        self.maximum = maximum
        self.jitter = jitter
    }

    /// Returns the delay after a number of consecutive failures.
    ///
    /// - Parameters:
    ///   - failures: The number of failures. A number below 1 counts as 1.
    ///   - chance: A random number from 0 to 1.
    /// - Returns: The delay.
    package func delay(afterFailures failures: Int, chance: Double = .random(in: 0...1)) -> Duration {
        let ceiling = min(self.base * (1 << min(max(failures, 1) - 1, 20)), self.maximum)
        let chance = min(max(chance, 0), 1)
        return switch self.jitter {
        case .full: ceiling * chance
        case .half: ceiling * (0.5 + chance / 2)
        }
    }
}
