// SPDX-License-Identifier: Apache-2.0

/// The outcome of a call, and the HTTP requests of the call.
public struct AlibabaSMSResult<Response: Sendable>: Sendable {
    /// The outcome of the call.
    public var outcome: AlibabaSMSOutcome<Response>

    /// The HTTP requests, in the order in which they were made; empty if no request was started.
    public var requests: [AlibabaSMSRequest]

    /// The response; `nil` if the call was not accepted.
    public var response: Response? {
        if case .accepted(let response) = self.outcome { response } else { nil }
    }

    /// The error; `nil` if the call was accepted.
    public var error: AlibabaSMSError? {
        switch self.outcome {
        case .accepted: nil
        case .rejected(let error), .unknown(let error): error
        }
    }

    /// Creates a result.
    ///
    /// - Parameters:
    ///   - outcome: The outcome of the call.
    ///   - requests: The HTTP requests, in the order in which they were made.
    public init(outcome: AlibabaSMSOutcome<Response>, requests: [AlibabaSMSRequest] = []) {
        self.outcome = outcome
        self.requests = requests
    }
}

extension AlibabaSMSResult: Equatable where Response: Equatable {}

extension AlibabaSMSResult: Hashable where Response: Hashable {}
