// SPDX-License-Identifier: Apache-2.0

/// One HTTP request of a call, and how it ended.
public struct AlibabaSMSRequest: Sendable, Hashable {
    /// How a request ended.
    ///
    /// The enumeration is closed by design, like ``AlibabaSMSOutcome``.
    public enum Outcome: String, Sendable, Hashable, CaseIterable {
        /// The gateway performed the action.
        case accepted
        /// The gateway certainly did not perform the action.
        case rejected
        /// The gateway may have performed the action.
        case unknown
    }

    /// How the request ended.
    public var outcome: Outcome

    /// The error, unless the request was accepted.
    public var error: AlibabaSMSError?

    /// The gateway's identifier of the request, if it returned one.
    public var requestID: String?

    /// The wait before the request: a back-off, or the time that the gateway asked for.
    public var delay: Duration

    /// The time from the start of the request to its response or error.
    public var duration: Duration

    /// Whether the request repeated the one before it byte for byte, with the same nonce.
    public var isRepetition: Bool

    /// Creates a record of a request.
    ///
    /// - Parameters:
    ///   - outcome: How the request ended.
    ///   - error: The error, unless the request was accepted.
    ///   - requestID: The gateway's identifier of the request.
    ///   - delay: The wait before the request.
    ///   - duration: The time from the start of the request to its response or error.
    ///   - isRepetition: Whether the request repeated the one before it byte for byte.
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
