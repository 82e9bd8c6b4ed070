import FoundationEssentials

/// What is known of a credential that has to be fetched again and again, and what is to be done next.
///
/// It is a value without a clock of its own: every question carries the time.
struct RefreshState: Sendable {
    /// What a caller gets.
    enum Response: Sendable {
        case use(AlibabaCredential)
        case fail(any Error)
        case wait
    }

    /// A credential is fetched again this long before it ends.
    static let margin: TimeInterval = 15 * 60

    /// A credential that ends this soon is not given out while another is being fetched.
    static let lastMoment: TimeInterval = 60

    /// After a failure the next try waits for a random time of this many seconds.
    static let pause: ClosedRange<TimeInterval> = 1...10

    private var value: AlibabaCredential?
    private var refreshTime = Date.distantPast
    private var failure: (error: any Error, time: Date, pause: TimeInterval)?
    private(set) var isRefreshing = false

    /// Answers a caller.
    ///
    /// - Parameter now: The present time.
    /// - Returns: The answer, and whether the caller is the one who has to fetch.
    mutating func ask(at now: Date) -> (answer: Response, mustFetch: Bool) {
        if let value = self.value, now < self.refreshTime { return (.use(value), false) }
        let mustFetch = !self.isRefreshing && !self.isPausing(at: now)
        if mustFetch { self.isRefreshing = true }
        if let value = self.value, !value.ends(by: now.addingTimeInterval(Self.lastMoment)) {
            return (.use(value), mustFetch)
        }
        return (self.isRefreshing ? .wait : self.outcome(at: now), mustFetch)
    }

    /// What those get who waited for the end of a fetch.
    func outcome(at now: Date) -> Response {
        if let value = self.value, !value.ends(by: now) { return .use(value) }
        return self.failure.map { .fail($0.error) } ?? .wait
    }

    /// Takes note of what was fetched, or why nothing was.
    ///
    /// - Parameters:
    ///   - result: What the fetch gave.
    ///   - now: The present time.
    ///   - pause: How long not to try again after a failure.
    mutating func finish(_ result: Result<AlibabaCredential, any Error>, at now: Date, pause: TimeInterval) {
        self.isRefreshing = false
        switch result {
        case .success(let value) where value.ends(by: now):
            self.failure = (AlibabaSMSError.endedCredential, now, pause)
        case .success(let value):
            self.value = value
            self.failure = nil
            // One that lives for less than twice the margin is used for half of its lifetime, or it would be fetched anew
            // at every call.
            self.refreshTime =
                value.expiration.map { end in
                    max(end.addingTimeInterval(-Self.margin), now.addingTimeInterval(end.timeIntervalSince(now) / 2))
                } ?? .distantFuture
        case .failure(let error):
            self.failure = (error, now, pause)
        }
    }

    /// Lets go of a credential, and of no other.
    mutating func invalidate(_ credential: AlibabaCredential) {
        guard self.value == credential else { return }
        self.value = nil
        self.failure = nil
    }

    /// A failure is no longer held against the source when its pause is over, or when the clock was set back.
    private func isPausing(at now: Date) -> Bool {
        guard let failure = self.failure else { return false }
        return failure.time <= now && now < failure.time.addingTimeInterval(failure.pause)
    }
}

extension AlibabaCredential {
    /// Whether the credential is known to end at a time or before.
    func ends(by time: Date) -> Bool { self.expiration.map { $0 <= time } ?? false }
}

extension AlibabaSMSError {
    static var endedCredential: Self {
        Self(
            .credentialUnavailable,
            field: "expiration",
            message: "the credential that was fetched has ended already: check the clock"
        )
    }
}
