/// How long to leave a server alone that cannot be reached.
///
/// The first failure costs no wait. From the second on the wait doubles from 50 ms to 1 s, each time between half of
/// that and all of it, so that many clients do not come back at the same moment, and each of them is back within a
/// second of the server's return, plus the connect timeout where packets are dropped and an attempt takes that long.
struct Backoff {
    private var failures = 0

    mutating func succeed() {
        self.failures = 0
    }

    mutating func fail() -> Duration {
        self.failures += 1
        guard self.failures > 1 else { return .zero }
        let longest = min(1_000, 50 << min(self.failures - 2, 5))
        return .milliseconds(Int.random(in: (longest / 2)...longest))
    }
}
