// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Logging
import SendGuard
import Synchronization

/// A limit on the number of requests without a valid API key from one source.
///
/// A source is an IPv4 address or an IPv6 /64 network. During an attack, the limit reduces the load and the size of the log. A
/// request with a valid key is never refused, even if an attacker uses the same address. The table of sources has a maximum
/// size.
///
/// A class, because all requests share the counts.
final class WrongKeyLimit: Sendable {
    /// The result for a request that exceeds the limit.
    struct Refusal: Equatable {
        /// The seconds until the current time window (``period``) of the source ends.
        var retryAfter: Int
        /// Whether this is the first request of the window that exceeds the limit.
        var isFirst: Bool
    }

    private struct Window {
        let end: UInt64
        var count = 0
    }

    /// The maximum number of responses with the status 401 to one source in a time window; later responses have the status 429.
    static let maximum = 100

    /// The length of a window.
    ///
    /// A window starts with the first request without a valid key.
    static let period = Duration.seconds(60)

    /// The maximum number of sources whose requests are counted.
    static let maximumSources = 10_000

    private let windows = Mutex<[AddressPrefix: Window]>([:])
    private let now: @Sendable () -> UInt64

    /// Creates a limit.
    ///
    /// - Parameter now: A monotonic clock in nanoseconds.
    init(now: @escaping @Sendable () -> UInt64 = { DispatchTime.now().uptimeNanoseconds }) { self.now = now }

    /// The number of sources whose requests are counted.
    var sourceCount: Int { self.windows.withLock { $0.count } }

    /// Counts a request without a valid API key.
    ///
    /// - Parameter address: The address of the client.
    /// - Returns: The refusal if the request exceeds the limit of its source; otherwise `nil`.
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

    /// Counts a request without a valid API key, and returns the problem for the response.
    func problem(for source: SourceAddress?, log logger: Logger) -> HTTPProblem {
        guard let source, let refusal = self.record(source) else { return HTTPProblem(.unauthorized) }
        if refusal.isFirst {
            logger.warning("Too many wrong API keys from one source", metadata: ["otp.network": "\(source)"])
        }
        return HTTPProblem(.tooManyWrongKeys, retryAfter: refusal.retryAfter)
    }

    private static let nanoseconds = UInt64(WrongKeyLimit.period / .nanoseconds(1))

    /// Removes the windows that have ended; if the table is still nearly full, removes all windows.
    ///
    /// An attacker with more than ``maximumSources`` sources can thus avoid the limit. The attacker still has to guess a key
    /// with 256 random bits.
    private static func makeRoom(_ windows: inout [AddressPrefix: Window], _ now: UInt64) {
        windows = windows.filter { $0.value.end > now }
        // If the table stayed nearly full, every new source would cause another search.
        if windows.count > Self.maximumSources * 3 / 4 { windows.removeAll() }
    }
}
