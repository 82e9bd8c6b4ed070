// SPDX-License-Identifier: Apache-2.0

import Deadlines

/// The back-off between connection attempts to an unreachable server.
///
/// The first failure causes no delay. After the second failure, the upper bound of the delay is 50 ms. Each further failure
/// doubles the upper bound, up to 1 s. Each delay is random, between half of the bound and the bound.
struct ReconnectBackoff {
    private static let backoff = Backoff(base: .milliseconds(50), maximum: .seconds(1), jitter: .half)

    private var failures = 0

    mutating func succeed() {
        self.failures = 0
    }

    /// Records a failure, and returns the delay before the next attempt.
    mutating func fail() -> Duration {
        self.failures += 1
        return self.failures == 1 ? .zero : Self.backoff.delay(afterFailures: self.failures - 1)
    }
}
