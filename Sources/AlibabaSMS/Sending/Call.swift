// SPDX-License-Identifier: Apache-2.0

import Deadlines
import SMSKit

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A call of the client: one or more HTTP requests for one action, until a deadline.
struct Call<Action: AlibabaSMSAction>: Sendable {
    /// The plan for the next request: the way of signing, and the delay before the request.
    private struct Plan {
        var signing = RetryPolicy.Signing.anew
        var delay = Duration.zero
    }

    /// A request that is ready to be sent.
    private struct Prepared {
        var request: SignedRequest
        var slot: ConnectionSlots.Slot
    }

    let action: Action
    let client: AlibabaSMSClient
    private let start: Duration
    private let deadline: Duration
    private var retries: RetryPolicy
    private var requests: [AlibabaSMSRequest] = []

    init(_ action: Action, client: AlibabaSMSClient, timeout: Duration) {
        self.action = action
        self.client = client
        self.start = client.clock.now()
        self.deadline = self.start + timeout
        self.retries = RetryPolicy(client.configuration.retryRules(isIdempotent: Action.isIdempotent))
    }

    /// The time since the call began.
    var elapsed: Duration { self.client.clock.now() - self.start }

    /// The time until the deadline.
    private var remaining: Duration { self.deadline - self.client.clock.now() }

    /// Sends the requests, and returns the result of the call.
    mutating func result() async -> AlibabaSMSResult<Action.Response> {
        do {
            try self.action.validate(with: self.client.configuration)
        } catch {
            return AlibabaSMSResult(outcome: .rejected(error))
        }
        var plan: Plan? = Plan()
        var sent: SignedRequest?
        var last: RequestOutcome<Action.Response>?
        while let next = plan {
            do {
                guard let prepared = try await self.prepare(next, after: sent) else { break }
                sent = prepared.request
                last = await self.send(prepared, next)
                plan = last.flatMap { self.plan(after: $0) }
            } catch {
                // This request was not sent, so the earlier requests determine the outcome.
                last = last ?? .rejected(error, .none)
                break
            }
        }
        let outcome = last.map { self.retries.outcome(after: $0) }
        return AlibabaSMSResult(outcome: outcome ?? .rejected(.cancelled), requests: self.requests)
    }

    /// Waits until a request may be sent, and signs the request.
    ///
    /// - Returns: The request, or `nil` if the gateway rejected the credential and the provider has no other credential.
    private func prepare(_ plan: Plan, after sent: SignedRequest?) async throws(AlibabaSMSError) -> Prepared? {
        try await self.wait(plan.delay)
        guard let credential = try await self.credential(for: plan.signing, after: sent) else { return nil }
        // The slot and the rate limit are acquired last. If another wait followed, admitted requests could accumulate and
        // then be sent together.
        let slot = try await self.slotWithinRateLimit()
        return Prepared(request: self.request(plan.signing, with: credential, after: sent), slot: slot)
    }

    /// Returns the plan for the next request, or `nil` if the call ends.
    private mutating func plan(after outcome: RequestOutcome<Action.Response>) -> Plan? {
        guard
            case .again(let signing, let delay) = self.retries.step(after: outcome, chance: self.client.chance()),
            self.hasTime(after: outcome, delay)
        else { return nil }
        return Plan(signing: signing, delay: delay)
    }

    /// Returns `true` if enough time is left for another request and the task is not cancelled.
    private func hasTime(after outcome: RequestOutcome<Action.Response>, _ delay: Duration) -> Bool {
        // If the deadline passes during a connection attempt, the outcome of the request is unknown. A retry therefore
        // requires time for a whole attempt. Otherwise a certain rejection could become an unknown outcome.
        var connecting = Duration.zero
        if case .rejected(_, .connection) = outcome, self.retries.doubt == nil {
            connecting = self.client.configuration.connectTimeout
        }
        return delay + connecting < self.remaining && !Task.isCancelled
    }

    private mutating func send(_ prepared: Prepared, _ plan: Plan) async -> RequestOutcome<Action.Response> {
        let clock = self.client.clock
        let configuration = self.client.configuration
        let begin = clock.now()
        let time = min(self.deadline - begin, configuration.connectTimeout + configuration.readTimeout)
        if Task.isCancelled { return .rejected(.cancelled, .none) }
        if time <= .zero { return .rejected(.timeout(written: false), .none) }
        let span = ExchangeSpan(of: Action.name, to: self.client.endpoint, resendCount: self.requests.count)
        let outcome: RequestOutcome<Action.Response>
        do {
            let response = try await self.client.httpClient.send(
                prepared.request.http,
                within: time,
                on: clock.timers,
                holding: prepared.slot
            )
            outcome = RequestOutcome(response, to: Action.self)
        } catch {
            outcome = RequestOutcome(error)
        }
        span.end(with: outcome)
        let request = AlibabaSMSRequest(
            outcome,
            delay: plan.delay,
            duration: clock.now() - begin,
            isRepetition: plan.signing == .same
        )
        self.requests.append(request)
        AlibabaSMSMetrics.record(request, of: Action.self)
        return outcome
    }
}

// MARK: - Waiting

extension Call {
    private func wait(_ delay: Duration) async throws(AlibabaSMSError) {
        if delay > .zero { try await self.sleep(until: self.client.clock.now() + delay) }
        if Task.isCancelled { throw .cancelled }
        guard self.remaining > .zero else { throw .timeout(written: false) }
    }

    private func sleep(until time: Duration) async throws(AlibabaSMSError) {
        do {
            try await self.client.clock.sleep(time)
        } catch {
            throw .cancelled
        }
    }

    /// Waits for the rate limit and for a connection slot, which is the right to use one of the connections.
    ///
    /// A request that waits for the rate limit occupies no slot. Each action has its own rate limit, so requests for other
    /// actions can use the slots during this wait.
    ///
    /// A request that waits for a slot holds no reservation of the rate limit. With reservations, several requests could wait
    /// past their reserved times, and then be sent together, above the rate limit.
    private func slotWithinRateLimit() async throws(AlibabaSMSError) -> ConnectionSlots.Slot {
        while true {
            if let slot = try await self.slotIfAdmittedNow() { return slot }
            try await self.waitForRateLimit()
            if let slot = self.client.httpClient.slots.acquireIfFree() { return slot }
            // The reservation of the rate limit expires unused. This happens only if both the slots and the rate limit are
            // exhausted.
        }
    }

    /// Waits for a connection slot if the rate limit currently admits a request.
    ///
    /// - Returns: The slot, or `nil` if the rate limit admits no request at the start or at the end of the wait.
    private func slotIfAdmittedNow() async throws(AlibabaSMSError) -> ConnectionSlots.Slot? {
        let limits = self.client.rateLimits
        guard limits.isFree(Action.name, at: self.client.clock.now()) else { return nil }
        let slot = try await self.slot()
        return limits.take(Action.name, at: self.client.clock.now()) ? slot : nil
    }

    private func slot() async throws(AlibabaSMSError) -> ConnectionSlots.Slot {
        let slots = self.client.httpClient.slots
        if let slot = await slots.acquire(within: self.remaining, on: self.client.clock.timers) { return slot }
        throw Task.isCancelled ? .cancelled : .noFreeConnection
    }

    private func waitForRateLimit() async throws(AlibabaSMSError) {
        let now = self.client.clock.now()
        let time = try self.client.rateLimits.reserve(Action.name, at: now, by: self.deadline)
        if time > now { try await self.sleep(until: time) }
    }
}

// MARK: - Signing

extension Call {
    /// Returns the credential for the next request.
    ///
    /// The result is `nil` if the gateway rejected the last credential and the provider has no other credential.
    private func credential(
        for signing: RetryPolicy.Signing,
        after last: SignedRequest?
    ) async throws(AlibabaSMSError) -> AlibabaCredential? {
        switch signing {
        case .same:
            return last?.credential
        case .anew, .withGatewayTime:
            return try await self.credential()
        case .withOtherCredential:
            guard let rejected = last?.credential else { return nil }
            let provider = self.client.credentials
            await withDeadline(self.remaining, on: self.client.clock.timers) { await provider.invalidate(rejected) }
            let credential = try await self.credential()
            return credential == rejected ? nil : credential
        }
    }

    private func credential() async throws(AlibabaSMSError) -> AlibabaCredential {
        let provider = self.client.credentials
        let result = await withDeadline(self.remaining, on: self.client.clock.timers) {
            () -> Result<AlibabaCredential, AlibabaSMSError> in
            do {
                return .success(try await provider.credential())
            } catch is CancellationError {
                return .failure(.cancelled)
            } catch {
                return .failure(.noCredential(error))
            }
        }
        // A cancelled or late call sends nothing, even if the provider returned a credential.
        if Task.isCancelled { throw .cancelled }
        guard let result else { throw .timeout(written: false) }
        return try result.get()
    }

    private func request(
        _ signing: RetryPolicy.Signing,
        with credential: AlibabaCredential,
        after last: SignedRequest?
    ) -> SignedRequest {
        if signing == .same, let last { return last }
        let time = if case .withGatewayTime(let time) = signing { time } else { self.client.now() }
        return SignedRequest(
            self.action,
            to: self.client.endpoint,
            credential: credential,
            date: time,
            nonce: self.client.nonce()
        )
    }
}

extension AlibabaSMSConfiguration {
    func retryRules(isIdempotent: Bool) -> RetryPolicy.Rules {
        RetryPolicy.Rules(
            isIdempotent: isIdempotent,
            retriesLikelyRejections: self.retriesLikelyRejections,
            repeatsUnanswered: self.repeatsUnansweredRequests,
            maximumRequests: self.maximumRequests,
            backOff: Backoff(base: self.initialBackOff, maximum: self.maximumBackOff, jitter: .full)
        )
    }
}
