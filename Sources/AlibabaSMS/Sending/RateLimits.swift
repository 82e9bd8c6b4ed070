// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The rate limits of a client: one for each action with a configured limit.
final class RateLimits: Sendable {
    private let windows: Mutex<[String: SlidingWindow]>

    init(_ requestsPerSecond: [String: Int]) {
        self.windows = Mutex(requestsPerSecond.mapValues(SlidingWindow.init(limit:)))
    }

    /// Returns whether the rate limit of an action currently admits a request, without making a reservation.
    func isFree(_ action: String, at now: Duration) -> Bool {
        self.windows.withLock { $0[action]?.isFree(at: now) ?? true }
    }

    /// Reserves one request at the current time, or returns `false` if the action's rate limit does not admit the request.
    func take(_ action: String, at now: Duration) -> Bool {
        guard case .failure? = self.windows.withLock({ $0[action]?.reserve(at: now, by: now) }) else { return true }
        return false
    }

    /// Reserves the earliest time at which the rate limit of an action admits a request.
    ///
    /// - Throws: ``AlibabaSMSError/Code/rateLimited`` with the required wait, if the earliest time is after `deadline`.
    func reserve(_ action: String, at now: Duration, by deadline: Duration) throws(AlibabaSMSError) -> Duration {
        let result = self.windows.withLock { $0[action]?.reserve(at: now, by: deadline) }
        switch result {
        case .success(let time)?: return time
        case .failure(let tooLong)?: throw .rateLimited(tooLong.wait)
        case nil: return now
        }
    }
}
