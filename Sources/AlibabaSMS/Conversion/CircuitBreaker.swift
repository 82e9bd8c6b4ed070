/// Lets nothing through for a while after too many failures in a row.
///
/// It is a value: the time comes from outside.
struct CircuitBreaker: Sendable {
    private let failuresToOpen: Int
    private let openTime: Duration
    private var failures = 0
    private var openUntil: Duration?
    private var isTrying = false

    init(failuresToOpen: Int, openTime: Duration) {
        self.failuresToOpen = failuresToOpen
        self.openTime = openTime
    }

    /// Whether one may go; when the time is over, one goes as a trial, and no other until that has ended.
    mutating func admits(at now: Duration) -> Bool {
        guard let openUntil = self.openUntil else { return true }
        guard now >= openUntil, !self.isTrying else { return false }
        self.isTrying = true
        return true
    }

    /// Hears how one ended that went.
    mutating func record(isSuccess: Bool, at now: Duration) {
        self.isTrying = false
        if isSuccess {
            self.failures = 0
            self.openUntil = nil
        } else {
            self.failures += 1
            if self.failures >= self.failuresToOpen { self.openUntil = now + self.openTime }
        }
    }
}
