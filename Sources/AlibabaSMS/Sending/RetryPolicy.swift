import Deadlines
import FoundationEssentials

/// Decides whether and when a further request is made, and what the requests together mean.
///
/// It is a value: time and chance come from outside.
struct RetryPolicy: Sendable {
    /// How a further request differs from the last.
    enum Signing: Sendable, Hashable {
        /// Not at all: the same bytes, which a gateway that saw them refuses to take twice.
        case same
        /// By a new nonce and the present time.
        case anew
        /// By another credential, if there is one.
        case withOtherCredential
        /// By a time that is the gateway's own.
        case withGatewayTime(Date)
    }

    /// What is to be done after a request.
    enum Step: Sendable, Hashable {
        case end
        case again(Signing, after: Duration)
    }

    /// What may be repeated, beyond what is certainly free of harm.
    struct Rules: Sendable, Hashable {
        /// Whether doing the action twice does no harm.
        var isRepeatable = false
        var resendsLikelyRefusals = false
        var repeatsUnanswered = false
        var maximumAttempts = 3
        var backoff = Backoff(base: .milliseconds(200), maximum: .seconds(5), jitter: .full)
    }

    private let rules: Rules
    private var attempts = 0
    private var triedOtherCredential = false
    private var triedGatewayTime = false
    private var repeatsSame = false
    /// The first error after which it could not be told what became of the request.
    private(set) var doubt: AlibabaSMSError?

    init(_ rules: Rules) { self.rules = rules }

    /// What is to be done after a request.
    ///
    /// - Parameters:
    ///   - attempt: How the request ended.
    ///   - chance: A random number from 0 up to 1.
    /// - Returns: The next request and the pause before it, or the end.
    mutating func step<Response>(after attempt: Exchange<Response>, chance: Double) -> Step {
        self.attempts += 1
        let pause = attempt.error?.retryAfter ?? self.rules.backoff.delay(afterFailures: self.attempts, chance: chance)
        var step: Step
        switch attempt {
        case .accepted: step = .end
        case .refused(_, let remedy): step = self.step(after: remedy, pause)
        case .unknown(let error, let doubt):
            self.doubt = self.doubt ?? error
            step = self.step(after: doubt, pause)
        }
        // Counted last, so that the state is complete even after the last request.
        if self.attempts >= self.rules.maximumAttempts { step = .end }
        return step
    }

    private mutating func step<Response>(after remedy: Exchange<Response>.Remedy, _ pause: Duration) -> Step {
        // Once the same bytes are repeated because nobody knows what became of them, others could arrive beside them.
        if self.repeatsSame {
            return remedy == .pause || remedy == .connection ? .again(.same, after: pause) : .end
        }
        switch remedy {
        case .none:
            return .end
        case .pause, .connection:
            return .again(.anew, after: pause)
        case .credential:
            guard !self.triedOtherCredential else { return .end }
            self.triedOtherCredential = true
            return .again(.withOtherCredential, after: .zero)
        case .clock(let time):
            guard !self.triedGatewayTime else { return .end }
            self.triedGatewayTime = true
            return .again(.withGatewayTime(time), after: .zero)
        }
    }

    private mutating func step<Response>(after doubt: Exchange<Response>.Doubt, _ pause: Duration) -> Step {
        if self.rules.isRepeatable { return .again(.anew, after: pause) }
        if doubt == .seenBefore { return .end }
        if self.repeatsSame { return .again(.same, after: pause) }
        if doubt == .likelyRefused, self.rules.resendsLikelyRefusals { return .again(.anew, after: pause) }
        guard self.rules.repeatsUnanswered else { return .end }
        self.repeatsSame = true
        return .again(.same, after: pause)
    }

    /// What the requests together mean, if none follows the last.
    func outcome<Response>(after last: Exchange<Response>) -> AlibabaSMSOutcome<Response> {
        switch last {
        case .accepted(let answer):
            .accepted(answer)
        case .refused(let error, _):
            // A refusal of the last request does not tell what became of an earlier one.
            if let doubt = self.doubt, !self.rules.isRepeatable { .unknown(doubt) } else { .rejected(error) }
        case .unknown(let error, _):
            .unknown(self.rules.isRepeatable ? error : self.doubt ?? error)
        }
    }
}
