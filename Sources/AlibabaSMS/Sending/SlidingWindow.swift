/// Lets at most so many through in any one second.
///
/// It is a value: the time comes from outside, and who is let through waits by himself.
struct SlidingWindow: Sendable {
    private let limit: Int
    /// The times that were given out last, in a ring that `next` goes round.
    private var times: [Duration] = []
    private var next = 0

    init(limit: Int) { self.limit = limit }

    /// Whether one more may go now.
    func isFree(at now: Duration) -> Bool {
        self.times.count < self.limit || self.times[self.next] + .seconds(1) <= now
    }

    /// The first time at which one more may go, which it then does.
    ///
    /// - Parameters:
    ///   - now: The present time.
    ///   - deadline: The last time that is of use.
    /// - Returns: The time, or how long one would have to wait if that is too long; nothing is given out then.
    mutating func reserve(at now: Duration, by deadline: Duration) -> Result<Duration, TooLong> {
        let oldest = self.times.count < self.limit ? nil : self.times[self.next]
        let time = max(now, oldest.map { $0 + .seconds(1) } ?? now)
        guard time <= deadline else { return .failure(TooLong(wait: time - now)) }
        if oldest == nil {
            self.times.append(time)
        } else {
            self.times[self.next] = time
            self.next = (self.next + 1) % self.limit
        }
        return .success(time)
    }

    /// The wait would be longer than there is time for.
    struct TooLong: Error, Hashable {
        var wait: Duration
    }
}
