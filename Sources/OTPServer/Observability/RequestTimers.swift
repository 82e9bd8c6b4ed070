// SPDX-License-Identifier: Apache-2.0

import Metrics
import Synchronization

/// The timers for the durations of requests: one timer for each combination of method, route and status.
///
/// Paths and unknown methods are never labels, so a client cannot increase the number of timers without limit.
final class RequestTimers: Sendable {
    private struct Key: Hashable {
        let method: String
        let route: String
        let status: Int
    }

    private let factory: any MetricsFactory
    private let timers = Mutex<[Key: Metrics.Timer]>([:])

    /// Creates the timers, or returns `nil` if no metrics backend is bootstrapped.
    init?() {
        let factory = MetricsSystem.factory
        guard !(factory is NOOPMetricsHandler) else { return nil }
        self.factory = factory
    }

    /// Records the duration of a request.
    ///
    /// - Parameters:
    ///   - nanoseconds: The duration.
    ///   - method: One of the standard methods, or `other`.
    ///   - route: The template of the route, or `none` if no route has the path of the request.
    ///   - status: The status of the response.
    func record(_ nanoseconds: Int64, _ method: String, _ route: String, _ status: Int) {
        let key = Key(method: method, route: route, status: status)
        let timer = self.timers.withLock { timers in
            if let timer = timers[key] { return timer }
            let dimensions = [("method", method), ("route", route), ("status", "\(status)")]
            let timer = Metrics.Timer(label: "otp.http.duration", dimensions: dimensions, factory: self.factory)
            timers[key] = timer
            return timer
        }
        timer.recordNanoseconds(nanoseconds)
    }
}
