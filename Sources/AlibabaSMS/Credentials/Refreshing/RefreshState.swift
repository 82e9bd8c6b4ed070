// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The state of a cached credential, and of the fetch of the next credential.
struct RefreshState: Sendable {
    /// The response to a caller that requests the credential: the credential, an error, or a wait for the fetch in progress.
    enum Response: Sendable {
        case use(AlibabaCredential)
        case fail(any Error)
        case wait
    }

    /// The remaining lifetime, in seconds, at which a credential is refreshed.
    static let margin: TimeInterval = 15 * 60

    /// The remaining lifetime, in seconds, below which callers wait for a fetch in progress.
    static let finalInterval: TimeInterval = 60

    /// The range of the random back-off after a failed fetch, in seconds.
    static let backOff: ClosedRange<TimeInterval> = 1...10

    private var value: AlibabaCredential?
    private var refreshTime = Date.distantPast
    private var failure: (error: any Error, time: Date, backOff: TimeInterval)?
    private(set) var isRefreshing = false

    /// Returns the response to a caller.
    ///
    /// - Parameter now: The current time.
    /// - Returns: The response, and whether this caller must start a fetch.
    mutating func request(at now: Date) -> (response: Response, mustFetch: Bool) {
        if let value = self.value, now < self.refreshTime { return (.use(value), false) }
        let mustFetch = !self.isRefreshing && !self.isBackingOff(at: now)
        if mustFetch { self.isRefreshing = true }
        if let value = self.value, !value.expires(by: now.addingTimeInterval(Self.finalInterval)) {
            return (.use(value), mustFetch)
        }
        return (self.isRefreshing ? .wait : self.outcome(at: now), mustFetch)
    }

    /// Returns the response to callers that have waited for a fetch.
    func outcome(at now: Date) -> Response {
        if let value = self.value, !value.expires(by: now) { return .use(value) }
        return self.failure.map { .fail($0.error) } ?? .wait
    }

    /// Records the result of a fetch.
    ///
    /// - Parameters:
    ///   - result: The credential or the error.
    ///   - now: The current time.
    ///   - backOff: The wait before the next fetch, in seconds, if this fetch failed.
    mutating func finish(_ result: Result<AlibabaCredential, any Error>, at now: Date, backOff: TimeInterval) {
        self.isRefreshing = false
        switch result {
        case .success(let value) where value.expires(by: now):
            self.failure = (AlibabaSMSError.expiredCredential, now, backOff)
        case .success(let value):
            self.value = value
            self.failure = nil
            // A credential whose lifetime is shorter than twice the margin is refreshed after half of its lifetime. With the
            // full margin, a short-lived credential would be refreshed at every call.
            self.refreshTime =
                value.expiration.map { end in
                    max(end.addingTimeInterval(-Self.margin), now.addingTimeInterval(end.timeIntervalSince(now) / 2))
                } ?? .distantFuture
        case .failure(let error):
            self.failure = (error, now, backOff)
        }
    }

    /// Drops the cached credential if it equals the given credential.
    mutating func invalidate(_ credential: AlibabaCredential) {
        guard self.value == credential else { return }
        self.value = nil
        self.failure = nil
    }

    /// Returns whether the back-off after a failed fetch is still running.
    ///
    /// The back-off also ends if the clock is set back to a time before the failure.
    private func isBackingOff(at now: Date) -> Bool {
        guard let failure = self.failure else { return false }
        return failure.time <= now && now < failure.time.addingTimeInterval(failure.backOff)
    }
}

extension AlibabaCredential {
    /// Returns whether the credential is known to expire at or before a time.
    func expires(by time: Date) -> Bool { self.expiration.map { $0 <= time } ?? false }
}

extension AlibabaSMSError {
    static var expiredCredential: Self {
        Self(
            .credentialUnavailable,
            field: "expiration",
            message: "the fetched credential has already expired: check the clock"
        )
    }
}
