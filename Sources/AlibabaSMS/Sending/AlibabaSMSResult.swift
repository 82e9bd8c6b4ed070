/// What became of what was asked.
public enum AlibabaSMSOutcome<Response: Sendable>: Sendable {
    /// The gateway did what was asked.
    case accepted(Response)

    /// The gateway certainly did not do what was asked.
    case rejected(AlibabaSMSError)

    /// It cannot be told whether the gateway did what was asked.
    case unknown(AlibabaSMSError)
}

/// What became of what was asked, and the requests that were made for it.
public struct AlibabaSMSResult<Response: Sendable>: Sendable {
    /// What became of what was asked.
    public var outcome: AlibabaSMSOutcome<Response>

    /// The requests that were handed to the HTTP client, in their order; empty if nothing left this process.
    public var attempts: [AlibabaSMSExchange]

    /// The answer, if the gateway did what was asked.
    public var answer: Response? {
        if case .accepted(let answer) = self.outcome { answer } else { nil }
    }

    /// What went wrong, if something did.
    public var error: AlibabaSMSError? {
        switch self.outcome {
        case .accepted: nil
        case .rejected(let error), .unknown(let error): error
        }
    }
}

/// One request of a call.
public struct AlibabaSMSExchange: Sendable, Hashable {
    /// How a request ended.
    public enum Ending: String, Sendable, Hashable, CaseIterable {
        /// The gateway did what was asked.
        case accepted
        /// The gateway certainly did not do what was asked.
        case refused
        /// It cannot be told.
        case unknown
    }

    /// How it ended.
    public var ending: Ending

    /// What went wrong, if something did.
    public var error: AlibabaSMSError?

    /// The gateway's identifier of the request, if it returned one.
    public var requestID: String?

    /// The pause before it.
    public var pause: Duration

    /// How long it took.
    public var duration: Duration

    /// Whether it was the last request once more, byte for byte.
    public var repeatsLastRequest: Bool
}

extension AlibabaSMSExchange {
    init<Response>(_ attempt: Exchange<Response>, pause: Duration, duration: Duration, repeatsLastRequest: Bool) {
        self.ending =
            switch attempt {
            case .accepted: .accepted
            case .refused: .refused
            case .unknown: .unknown
            }
        self.error = attempt.error
        self.requestID = attempt.requestID
        self.pause = pause
        self.duration = duration
        self.repeatsLastRequest = repeatsLastRequest
    }
}
