import Synchronization

/// The limits of one client, by action.
final class RateLimits: Sendable {
    private let windows: Mutex<[String: SlidingWindow]>

    init(_ requestsPerSecond: [String: Int]) {
        self.windows = Mutex(requestsPerSecond.mapValues(SlidingWindow.init(limit:)))
    }

    /// Returns whether a request may go now, without a reservation.
    func isFree(_ action: String, at now: Duration) -> Bool {
        self.windows.withLock { $0[action]?.isFree(at: now) ?? true }
    }

    /// Reserves a request that goes now, and returns whether that is allowed.
    func take(_ action: String, at now: Duration) -> Bool {
        guard case .failure? = self.windows.withLock({ $0[action]?.reserve(at: now, by: now) }) else { return true }
        return false
    }

    /// The time at which a request may go, or the error that says how long it would have had to wait.
    func reserve(_ action: String, at now: Duration, by deadline: Duration) throws(AlibabaSMSError) -> Duration {
        let result = self.windows.withLock { $0[action]?.reserve(at: now, by: deadline) }
        switch result {
        case .success(let time)?: return time
        case .failure(let tooLong)?: throw .rateLimited(tooLong.wait)
        case nil: return now
        }
    }
}
