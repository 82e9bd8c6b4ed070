// SPDX-License-Identifier: Apache-2.0

import Deadlines

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Decides whether and when a call makes another request, and derives the outcome of the call.
///
/// The policy does not perform I/O. The caller passes the random numbers.
struct RetryPolicy: Sendable {
    /// The way in which the next request is signed.
    enum Signing: Sendable, Hashable {
        /// The same bytes are sent again.
        ///
        /// If the gateway has already received the nonce, it rejects the repeated request.
        case same
        /// The request is signed with a new nonce and the current time.
        case anew
        /// The request is signed with another credential, if another credential is available.
        case withOtherCredential
        /// The request is signed with the gateway's time instead of the local time.
        case withGatewayTime(Date)
    }

    /// The next step after a request.
    enum Step: Sendable, Hashable {
        case end
        case again(Signing, after: Duration)
    }

    /// The rules for retries.
    struct Rules: Sendable, Hashable {
        /// Whether the action is idempotent.
        var isIdempotent = false
        var retriesLikelyRejections = false
        var repeatsUnanswered = false
        var maximumRequests = 3
        var backOff = Backoff(base: .milliseconds(200), maximum: .seconds(5), jitter: .full)
    }

    private let rules: Rules
    private var requestCount = 0
    private var triedOtherCredential = false
    private var triedGatewayTime = false
    private var repeatsSame = false
    /// The error of the first request with an unknown outcome.
    private(set) var doubt: AlibabaSMSError?

    init(_ rules: Rules) { self.rules = rules }

    /// Records a request, and returns the next step.
    ///
    /// - Parameters:
    ///   - request: The outcome of the request.
    ///   - chance: A random number from 0 to less than 1.
    /// - Returns: The signing and the delay of another request, or the end of the call.
    mutating func step<Response>(after request: RequestOutcome<Response>, chance: Double) -> Step {
        self.requestCount += 1
        let delay =
            request.error?.retryAfter ?? self.rules.backOff.delay(afterFailures: self.requestCount, chance: chance)
        var step: Step
        switch request {
        case .accepted: step = .end
        case .rejected(_, let remedy): step = self.step(after: remedy, delay)
        case .unknown(let error, let doubt):
            self.doubt = self.doubt ?? error
            step = self.step(after: doubt, delay)
        }
        // The maximum number of requests is checked last, because the last request can also set `doubt`.
        if self.requestCount >= self.rules.maximumRequests { step = .end }
        return step
    }

    private mutating func step<Response>(after remedy: RequestOutcome<Response>.Remedy, _ delay: Duration) -> Step {
        // The call repeats a request with an unknown outcome. A request with another nonce could send a second message.
        if self.repeatsSame {
            return remedy == .backOff || remedy == .connection ? .again(.same, after: delay) : .end
        }
        switch remedy {
        case .none:
            return .end
        case .backOff, .connection:
            return .again(.anew, after: delay)
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

    private mutating func step<Response>(after doubt: RequestOutcome<Response>.Doubt, _ delay: Duration) -> Step {
        if self.rules.isIdempotent { return .again(.anew, after: delay) }
        if doubt == .seenBefore { return .end }
        if self.repeatsSame { return .again(.same, after: delay) }
        if doubt == .likelyRejected, self.rules.retriesLikelyRejections { return .again(.anew, after: delay) }
        guard self.rules.repeatsUnanswered else { return .end }
        self.repeatsSame = true
        return .again(.same, after: delay)
    }

    /// Returns the outcome of a call after its last request.
    func outcome<Response>(after last: RequestOutcome<Response>) -> AlibabaSMSOutcome<Response> {
        switch last {
        case .accepted(let response):
            .accepted(response)
        case .rejected(let error, _):
            // A rejection of the last request does not resolve an earlier unknown outcome.
            if let doubt = self.doubt, !self.rules.isIdempotent { .unknown(doubt) } else { .rejected(error) }
        case .unknown(let error, _):
            .unknown(self.rules.isIdempotent ? error : self.doubt ?? error)
        }
    }
}
