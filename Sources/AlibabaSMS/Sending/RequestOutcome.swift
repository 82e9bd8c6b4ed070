// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import FoundationEssentials
import SMSKit

/// How one HTTP request ended, and the change that a further request needs in order to succeed.
enum RequestOutcome<Response: AlibabaSMSResponse>: Sendable {
    case accepted(Response)
    /// The gateway certainly did not perform the action.
    case rejected(AlibabaSMSError, Remedy)
    /// The gateway may have performed the action.
    case unknown(AlibabaSMSError, Doubt)

    /// The change with which a further request may succeed.
    enum Remedy: Sendable, Hashable {
        case none
        /// A back-off.
        case backOff
        /// A connection, because the last one could not be established.
        case connection
        /// Another credential.
        case credential
        /// The gateway's time instead of the local one.
        case clock(Date)
    }

    /// The reason why the fate of a request is unknown.
    enum Doubt: Sendable, Hashable {
        /// The request may have been written, and no response states its outcome.
        case unanswered
        /// The gateway reported a fault after which it likely, but not certainly, did not perform the action.
        case likelyRejected
        /// The gateway has seen the nonce before.
        case seenBefore
    }
}

extension RequestOutcome {
    /// Interprets a response.
    ///
    /// - Parameters:
    ///   - response: The response.
    ///   - action: The action that was requested.
    init<Action: AlibabaSMSAction>(_ response: GatewayResponse, to action: Action.Type)
    where Action.Response == Response {
        switch response.verdict {
        case .accepted(let fields):
            self = .accepted(Response(fields))
        case .rejected(let error, let treatment, let fields):
            // A rejection of an action that was done in part is not certain to be one.
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

    /// Interprets a request without a response.
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

    /// The HTTP status of the response, if there was one.
    var httpStatus: Int? {
        switch self {
        // The gateway accepts with no other status.
        case .accepted: 200
        case .rejected(let error, _), .unknown(let error, _): error.httpStatus
        }
    }

    /// The gateway's identifier of the request, if it returned a well-formed one.
    var requestID: String? {
        switch self {
        case .accepted(let response): SafeText.requestID(response.header.requestID)
        case .rejected(let error, _), .unknown(let error, _): error.requestID
        }
    }
}
