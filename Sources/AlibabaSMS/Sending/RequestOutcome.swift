// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import SMSKit

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The outcome of one HTTP request.
enum RequestOutcome<Response: AlibabaSMSResponse>: Sendable {
    case accepted(Response)
    /// The gateway certainly did not perform the action.
    case rejected(AlibabaSMSError, Remedy)
    /// The gateway may have performed the action.
    case unknown(AlibabaSMSError, Doubt)

    /// The change after which a retry may succeed.
    enum Remedy: Sendable, Hashable {
        case none
        /// A retry may succeed after a back-off.
        case backOff
        /// A retry may succeed after a back-off, if it can establish a connection.
        case connection
        /// A retry needs another credential.
        case credential
        /// A retry needs the gateway's time instead of the local time.
        case clock(Date)
    }

    /// The reason why the outcome of a request is unknown.
    enum Doubt: Sendable, Hashable {
        /// The request may have been written, and no response states the outcome.
        case unanswered
        /// The gateway reported a fault, and probably did not perform the action.
        case likelyRejected
        /// The gateway has already received a request with the same nonce.
        case seenBefore
    }
}

extension RequestOutcome {
    /// Derives the outcome from a response.
    ///
    /// - Parameters:
    ///   - response: The response.
    ///   - action: The type of the requested action.
    init<Action: AlibabaSMSAction>(_ response: GatewayResponse, to action: Action.Type)
    where Action.Response == Response {
        switch response.verdict {
        case .accepted(let fields):
            self = .accepted(Response(fields))
        case .rejected(let error, let treatment, let fields):
            // If the gateway performed part of the action, a rejection is not certain.
            if Action.wasPartlyDone(Response(fields)) {
                self = .unknown(error, .unanswered)
                return
            }
            switch treatment {
            case .retryLater: self = .rejected(error, .backOff)
            case .refreshCredential: self = .rejected(error, .credential)
            case .correctClock:
                let time = response.dateHeader.flatMap(MailDate.parse)
                self = .rejected(error, time.map(Remedy.clock) ?? .none)
            default: self = .rejected(error, .none)
            }
        case .unknown(let error, .likelyRejected): self = .unknown(error, .likelyRejected)
        case .unknown(let error, .seenBefore): self = .unknown(error, .seenBefore)
        case .unknown(let error, _): self = .unknown(error, .unanswered)
        }
    }

    /// Derives the outcome of a request without a response.
    init(_ failure: HTTPClient.SendFailure) {
        switch failure {
        case .shutDown:
            self = .rejected(.shutDown, .none)
        case .notWritten:
            let message = "no connection to the gateway could be established; nothing was sent"
            self = .rejected(AlibabaSMSError(.unreachable, message: message), .connection)
        case .timeout:
            self = .unknown(.timeout(written: true), .unanswered)
        case .interrupted:
            let message = "the connection was lost before the gateway responded"
            self = .unknown(AlibabaSMSError(.connectionLost, message: message), .unanswered)
        case .oversizedResponse:
            let message = "the gateway's response is too large"
            self = .unknown(AlibabaSMSError(.unreadableResponse, message: message), .unanswered)
        }
    }

    var error: AlibabaSMSError? {
        switch self {
        case .accepted: nil
        case .rejected(let error, _), .unknown(let error, _): error
        }
    }

    /// The HTTP status of the response; `nil` without a response.
    var httpStatus: Int? {
        switch self {
        // An accepted request always has the HTTP status 200.
        case .accepted: 200
        case .rejected(let error, _), .unknown(let error, _): error.httpStatus
        }
    }

    /// The gateway's identifier of the request; `nil` if the identifier is missing or malformed.
    var requestID: String? {
        switch self {
        case .accepted(let response): SafeText.requestID(response.header.requestID)
        case .rejected(let error, _), .unknown(let error, _): error.requestID
        }
    }
}
