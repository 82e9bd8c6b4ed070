import AsyncHTTPClient
import FoundationEssentials
import SMSKit

/// How one request ended, and what could make a further one succeed.
enum Exchange<Response: AlibabaSMSResponse>: Sendable {
    case accepted(Response)
    /// The gateway certainly did not do what was asked.
    case refused(AlibabaSMSError, Remedy)
    /// It cannot be told whether the gateway did what was asked.
    case unknown(AlibabaSMSError, Doubt)

    /// What could make a further request succeed.
    enum Remedy: Sendable, Hashable {
        case none
        /// A pause.
        case pause
        /// A connection, for none could be made.
        case connection
        /// Another credential.
        case credential
        /// A clock that agrees with the gateway's.
        case clock(Date)
    }

    /// Why it cannot be told.
    enum Doubt: Sendable, Hashable {
        /// The request may have been written, and no answer says what became of it.
        case unanswered
        /// The gateway says that it had a fault, by which it likely refused.
        case likelyRefused
        /// The gateway has seen the request before.
        case seenBefore
    }
}

extension Exchange {
    /// Reads an answer.
    ///
    /// - Parameters:
    ///   - answer: The answer.
    ///   - action: What was asked.
    init<Action: AlibabaSMSAction>(_ answer: GatewayResponse, to action: Action.Type)
    where Action.Response == Response {
        switch answer.verdict {
        case .accepted(let fields):
            self = .accepted(Response(fields))
        case .refused(let error, let treatment, let fields):
            // What was refused and yet done in part is neither.
            if Action.didSome(Response(fields)) {
                self = .unknown(error, .unanswered)
                return
            }
            switch treatment {
            case .retryLater: self = .refused(error, .pause)
            case .refreshCredential: self = .refused(error, .credential)
            case .correctClock:
                let time = answer.dateHeader.flatMap(MailDate.parse)
                self = .refused(error, time.map(Remedy.clock) ?? .none)
            default: self = .refused(error, .none)
            }
        case .unknown(let error, .likelyRefused): self = .unknown(error, .likelyRefused)
        case .unknown(let error, .seenBefore): self = .unknown(error, .seenBefore)
        case .unknown(let error, _): self = .unknown(error, .unanswered)
        }
    }

    /// Reads a failure to get an answer.
    init(_ failure: HTTPClient.SendFailure) {
        switch failure {
        case .notWritten:
            let message = "No connection to the gateway could be made; nothing was sent."
            self = .refused(AlibabaSMSError(.unreachable, message: message), .connection)
        case .timeout:
            self = .unknown(.timeout(written: true), .unanswered)
        case .interrupted:
            let message = "The connection ended before the gateway answered."
            self = .unknown(AlibabaSMSError(.connectionLost, message: message), .unanswered)
        case .oversizedAnswer:
            let message = "The answer of the gateway is too big to be one."
            self = .unknown(AlibabaSMSError(.unreadableAnswer, message: message), .unanswered)
        }
    }

    var error: AlibabaSMSError? {
        switch self {
        case .accepted: nil
        case .refused(let error, _), .unknown(let error, _): error
        }
    }

    /// The gateway's identifier of the request, if it returned one in the form of an identifier.
    var requestID: String? {
        switch self {
        case .accepted(let answer): SafeText.requestID(answer.requestID)
        case .refused(let error, _), .unknown(let error, _): error.requestID
        }
    }
}
