// SPDX-License-Identifier: Apache-2.0

/// Exponential back-off with jitter: the delay after each further failure has twice the ceiling, up to a maximum.
///
/// A value without state: the caller counts failures.
package struct Backoff: Sendable, Hashable {
    /// The part of the ceiling that is random.
    package enum Jitter: Sendable, Hashable {
        /// From zero to the ceiling, so that many clients spread their retries as far as possible.
        case full
        /// From half of the ceiling to the ceiling, so that no retry is immediate.
        case half
    }

    /// The ceiling after the first failure.
    package var base: Duration

    /// The highest ceiling.
    package var maximum: Duration

    /// The part of the ceiling that is random.
    package var jitter: Jitter

    /// Creates a back-off.
    ///
    /// - Parameters:
    ///   - base: The ceiling after the first failure.
    ///   - maximum: The highest ceiling.
    ///   - jitter: The part of the ceiling that is random.
    package init(base: Duration, maximum: Duration, jitter: Jitter) {
        self.base = base
        self.maximum = maximum
        self.jitter = jitter
    }

    /// Returns the delay after some failures in a row.
    ///
    /// - Parameters:
    ///   - failures: The number of failures; numbers below 1 count as 1.
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
