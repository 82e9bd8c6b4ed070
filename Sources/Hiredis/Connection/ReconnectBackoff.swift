// SPDX-License-Identifier: Apache-2.0

import Deadlines

/// The back-off between connection attempts to an unreachable server.
///
/// After the first failure, the next attempt follows immediately. From the second failure on, the upper bound of the delay
/// doubles from 50 ms to 1 s. Each delay is random, between half of the bound and the bound, so that clients do not all
/// reconnect at the same moment. When the server is reachable again, a client reconnects within 1 s, plus the rest of a running
/// connection attempt.
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
