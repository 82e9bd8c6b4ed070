// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Logging
import SendGuard
import Synchronization

/// A limit on the requests without a valid API key from one source, which is an IPv4 address or an IPv6 /64 network.
///
/// The limit keeps the load and the log of an attack small. It never refuses a valid key, so a stranger who shares the address
/// of a client cannot lock the client out. The memory is bounded.
///
/// A class, because all requests share the counts.
final class WrongKeyLimit: Sendable {
    /// The refusal of a request beyond the limit.
    struct Refusal: Equatable {
        /// The seconds until the source has a new window.
        var retryAfter: Int
        /// Whether this is the first refusal of the window.
        var isFirst: Bool
    }

    private struct Window {
        let end: UInt64
        var count = 0
    }

    /// The number of requests of a window that have the response 401.
    static let maximum = 100

    /// The length of a window, from the first request.
    static let period = Duration.seconds(60)

    /// The maximum number of sources with a window.
    static let maximumSources = 10_000

    private let windows = Mutex<[AddressPrefix: Window]>([:])
    private let now: @Sendable () -> UInt64

    /// Creates a limit.
    ///
    /// - Parameter now: A monotonic clock in nanoseconds.
    init(now: @escaping @Sendable () -> UInt64 = { DispatchTime.now().uptimeNanoseconds }) { self.now = now }

    /// The number of sources with a window.
    var sourceCount: Int { self.windows.withLock { $0.count } }

    /// Counts a request without a valid key.
    ///
    /// - Parameter address: The address of the client.
    /// - Returns: `nil` if the source is within its limit.
    func record(_ address: SourceAddress) -> Refusal? {
        let now = self.now()
        let source = address.source
        return self.windows.withLock { windows in
            var window = windows[source].flatMap { $0.end > now ? $0 : nil } ?? Window(end: now &+ Self.nanoseconds)
            window.count = min(window.count + 1, Self.maximum + 2)
            if windows[source] == nil, windows.count >= Self.maximumSources { Self.makeRoom(&windows, now) }
            windows[source] = window
            guard window.count > Self.maximum else { return nil }
            let seconds = Int((window.end - now + 999_999_999) / 1_000_000_000)
            return Refusal(retryAfter: seconds, isFirst: window.count == Self.maximum + 1)
        }
    }

    /// Counts a request without a valid API key, and returns its problem.
    func problem(for source: SourceAddress?, log logger: Logger) -> HTTPProblem {
        guard let source, let refusal = self.record(source) else { return HTTPProblem(.unauthorized) }
        if refusal.isFirst {
            logger.warning("Too many wrong API keys from one source", metadata: ["otp.network": "\(source)"])
        }
        return HTTPProblem(.tooManyWrongKeys, retryAfter: refusal.retryAfter)
    }

    private static let nanoseconds = UInt64(WrongKeyLimit.period / .nanoseconds(1))

    /// Removes windows that have ended, or all if there are none.
    ///
    /// An attacker with that many sources is not limited by source, but still needs a key of 256 random bits.
    private static func makeRoom(_ windows: inout [AddressPrefix: Window], _ now: UInt64) {
        windows = windows.filter { $0.value.end > now }
        // Removing all of a nearly full table avoids a search for each of the next sources.
        if windows.count > Self.maximumSources * 3 / 4 { windows.removeAll() }
    }
}
