// SPDX-License-Identifier: Apache-2.0

import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A fixed-window rate limiter, which limits the requests per second for each action.
///
/// Windows begin on full seconds. Alibaba does not document the windows of the real gateway.
final class RequestRates: Sendable {
    private struct Window {
        var second: Int64
        var count: Int
    }

    private let limits: [String: Int]
    private let windows = Mutex<[String: Window]>([:])

    /// Creates a limiter.
    ///
    /// - Parameter configured: The limits, keyed by the name of the action. These limits override the defaults.
    init(_ configured: [String: Int] = [:]) {
        let known = GatewayActions.all.compactMap { action in action.requestsPerSecond.map { (action.name, $0) } }
        self.limits = Dictionary(known, uniquingKeysWith: { $1 }).merging(configured) { $1 }
    }

    /// Counts a request.
    ///
    /// - Returns: The number of milliseconds until the next window if the limit of the action is reached, and otherwise `nil`.
    func take(_ action: String, at now: Date) -> Int? {
        guard let limit = self.limits[action] else { return nil }
        let time = min(max(now.timeIntervalSince1970, -1e15), 1e15)
        let second = Int64(time.rounded(.down))
        return self.windows.withLock { windows in
            var window = windows[action] ?? Window(second: second, count: 0)
            if window.second != second { window = Window(second: second, count: 0) }
            guard window.count < limit else { return max(1, Int(((Double(second) + 1 - time) * 1000).rounded(.up))) }
            window.count += 1
            windows[action] = window
            return nil
        }
    }

    /// Resets all counts.
    func reset() { self.windows.withLock { $0 = [:] } }
}
