/// Exponential back-off with full jitter.
struct BackOff: Sendable, Hashable {
    /// The longest delay after the first failure.
    var initial: Duration = .milliseconds(200)

    /// The upper bound of every delay.
    var maximum: Duration = .seconds(5)

    /// Returns a delay between zero and a ceiling that doubles with each failure.
    func delay(afterFailures failures: Int, chance: Double) -> Duration {
        let ceiling = min(self.initial * (1 << min(max(failures - 1, 0), 20)), self.maximum)
        return ceiling * min(max(chance, 0), 1)
    }
}
