import Deadlines

/// The delay before the next attempt to connect to a server that cannot be reached.
///
/// The first failure costs no delay. From the second on the delay doubles from 50 ms to 1 s with half jitter, so that many
/// clients do not reconnect at the same moment, and each of them reconnects within a second of the server's return, plus the
/// connect timeout where packets are dropped.
struct ReconnectBackoff {
    private static let delays = Backoff(base: .milliseconds(50), maximum: .seconds(1), jitter: .half)

    private var failures = 0

    /// Records a success, after which the next failure costs no delay.
    mutating func succeed() {
        self.failures = 0
    }

    /// Records a failure and returns the delay.
    mutating func fail() -> Duration {
        self.failures += 1
        return self.failures == 1 ? .zero : Self.delays.delay(afterFailures: self.failures - 1)
    }
}
