import AsyncHTTPClient
import SMS

/// How one request ended, and whether another may follow it.
enum Attempt<Answer: Decodable & Sendable>: Sendable {
    /// When the same message may be sent in a further request.
    enum Repetition: Sendable, Hashable {
        case never
        /// After a pause that the gateway asks for.
        case afterPause
        /// After a pause, over a new connection, because none could be made.
        case afterConnecting
    }

    case accepted(Answer)
    case refused(SMSError, Repetition)
    case unknown(SMSError)

    /// Reads an answer.
    init(_ answer: GatewayAnswer) {
        switch answer.verdict {
        case .accepted:
            if let decoded = answer.decode(Answer.self) {
                self = .accepted(decoded)
            } else {
                self = .unknown(.unreadableAnswer(status: answer.status, requestID: nil))
            }
        case .refused(let error, .retryLater):
            self = .refused(error, .afterPause)
        case .refused(let error, _):
            self = .refused(error, .never)
        case .unknown(let error):
            self = .unknown(error)
        }
    }

    /// Reads a failure to get an answer.
    init(_ failure: HTTPClient.SendFailure) {
        switch failure {
        case .notWritten:
            let message = "No connection to the gateway could be made; nothing was sent."
            self = .refused(SMSError(code: "unreachable", class: .transient, message: message), .afterConnecting)
        case .timeout:
            self = .unknown(.timeout(written: true))
        case .interrupted:
            let message = "The connection ended before the gateway answered."
            self = .unknown(SMSError(code: "connectionLost", class: .transient, message: message))
        case .oversizedAnswer:
            let message = "The answer of the gateway is too big to be one."
            self = .unknown(SMSError(code: "unreadableAnswer", class: .transient, message: message))
        }
    }

    var outcome: AlibabaSMSOutcome<Answer> {
        switch self {
        case .accepted(let answer): .accepted(answer)
        case .refused(let error, _): .rejected(error)
        case .unknown(let error): .unknown(error)
        }
    }

    var refusal: SMSError? {
        if case .refused(let error, _) = self { error } else { nil }
    }

    /// Whether a further request has to make a connection first, as far as is known.
    var needsConnection: Bool {
        if case .refused(_, .afterConnecting) = self { true } else { false }
    }

    var error: SMSError? {
        switch self {
        case .accepted: nil
        case .refused(let error, _), .unknown(let error): error
        }
    }

    var label: String {
        switch self {
        case .accepted: "accepted"
        case .refused: "rejected"
        case .unknown: "unknown"
        }
    }
}

/// Decides whether and when a further request is made.
struct RetryPolicy: Sendable {
    private let maximumAttempts: Int
    private var attempts = 0

    init(maximumAttempts: Int) {
        self.maximumAttempts = maximumAttempts
    }

    /// How long to pause before the next request, or `nil` if there must be none.
    mutating func pause<Answer>(after attempt: Attempt<Answer>) -> Duration? {
        self.attempts += 1
        guard self.attempts < self.maximumAttempts, case .refused(let error, let repetition) = attempt else {
            return nil
        }
        switch repetition {
        case .never:
            return nil
        case .afterPause, .afterConnecting:
            if let retryAfter = error.retryAfter { return retryAfter }
            let ceiling = min(100 << self.attempts, 2000)
            return .milliseconds(Int.random(in: (ceiling / 2)...ceiling))
        }
    }
}

extension SMSError {
    static func timeout(written: Bool) -> SMSError {
        SMSError(
            code: "timeout",
            class: .transient,
            message: written ? "The gateway did not answer in time." : "The time ran out before anything was sent."
        )
    }

    static var cancelled: SMSError {
        SMSError(code: "cancelled", class: .transient, message: "The task was cancelled before anything was sent.")
    }

    /// Errors of a provider are other people's: only our own are known to hold nothing secret.
    static func noCredential(_ error: any Error) -> SMSError {
        SMSError(
            code: "noCredential",
            class: .auth,
            message: (error as? AlibabaSMSError)?.message ?? "The credential provider failed; nothing was sent."
        )
    }
}
