// SPDX-License-Identifier: Apache-2.0

/// A record of one HTTP request of a call.
public struct AlibabaSMSRequest: Sendable, Hashable {
    /// The outcome of a request.
    ///
    /// No cases will be added.
    public enum Outcome: String, Sendable, Hashable, CaseIterable {
        /// The gateway performed the action.
        case accepted
        /// The gateway certainly did not perform the action.
        case rejected
        /// The gateway may have performed the action.
        case unknown
    }

    /// The outcome of the request.
    public var outcome: Outcome

    /// The error; `nil` if the request was accepted.
    public var error: AlibabaSMSError?

    /// The gateway's identifier of the request; `nil` if the response contains no valid identifier.
    public var requestID: String?

    /// The wait before the request: a back-off, or the wait that the gateway requested.
    public var delay: Duration

    /// The time from the start of the request to its response or error.
    public var duration: Duration

    /// Whether the request repeated the previous request byte for byte, with the same nonce.
    public var isRepetition: Bool

    /// Creates a record of a request.
    ///
    /// - Parameters:
    ///   - outcome: The outcome of the request.
    ///   - error: The error; `nil` if the request was accepted.
    ///   - requestID: The gateway's identifier of the request.
    ///   - delay: The wait before the request.
    ///   - duration: The time from the start of the request to its response or error.
    ///   - isRepetition: Whether the request repeated the previous request byte for byte.
    public init(
        outcome: Outcome,
        error: AlibabaSMSError? = nil,
        requestID: String? = nil,
        delay: Duration = .zero,
        duration: Duration = .zero,
        isRepetition: Bool = false
    ) {
        self.outcome = outcome
        self.error = error
        self.requestID = requestID
        self.delay = delay
        self.duration = duration
        self.isRepetition = isRepetition
    }
}

extension AlibabaSMSRequest {
    init<Response>(_ outcome: RequestOutcome<Response>, delay: Duration, duration: Duration, isRepetition: Bool) {
        self.outcome =
            switch outcome {
            case .accepted: .accepted
            case .rejected: .rejected
            case .unknown: .unknown
            }
        self.error = outcome.error
        self.requestID = outcome.requestID
        self.delay = delay
        self.duration = duration
        self.isRepetition = isRepetition
    }
}
