import AsyncHTTPClient
import Deadlines
import FoundationEssentials
import NIOHTTP1
import SMSKit

/// One call: the requests that are made for one action, until a deadline.
struct Call<Action: AlibabaSMSAction>: Sendable {
    /// What was sent, to be sent again byte for byte or with another credential.
    private struct Sent: Sendable {
        var request: HTTPClientRequest
        var credential: AlibabaCredential
    }

    private let action: Action
    private let client: AlibabaSMSClient
    private let start: Duration
    private let deadline: Duration
    private var retries: RetryPolicy
    private var attempts: [AlibabaSMSExchange] = []

    init(_ action: Action, client: AlibabaSMSClient, timeout: Duration) {
        self.action = action
        self.client = client
        self.start = client.clock.now()
        self.deadline = self.start + timeout
        self.retries = RetryPolicy(client.configuration.retryRules(isRepeatable: Action.isRepeatable))
    }

    /// The time since the call began.
    var elapsed: Duration { self.client.clock.now() - self.start }

    private var remaining: Duration { self.deadline - self.client.clock.now() }

    /// Makes the requests.
    mutating func result() async -> AlibabaSMSResult<Action.Response> {
        do {
            try self.action.validate(with: self.client.configuration)
        } catch {
            return AlibabaSMSResult(outcome: .rejected(error), attempts: [])
        }
        var signing = RetryPolicy.Signing.anew
        var pause = Duration.zero
        var sent: Sent?
        var last: Exchange<Action.Response>?
        while true {
            let turn: Sent
            let slot: ConnectionSlots.Slot
            do {
                try await self.wait(pause)
                guard let credential = try await self.credential(for: signing, after: sent) else { break }
                // The last thing before the request: whatever came in between would bring two requests together.
                slot = try await self.slotAndTurn()
                turn = self.request(signing, with: credential, after: sent)
            } catch {
                // Nothing was sent this time; what was sent before decides.
                last = last ?? .refused(error, .none)
                break
            }
            sent = turn
            let attempt = await self.attempt(
                turn,
                holding: slot,
                pause: pause,
                repeatsLastRequest: signing == .same
            )
            last = attempt
            guard
                case .again(let next, let wait) = self.retries.step(after: attempt, chance: self.client.chance()),
                self.isWorthwhile(attempt, wait)
            else { break }
            (signing, pause) = (next, wait)
        }
        let outcome = last.map { self.retries.outcome(after: $0) }
        return AlibabaSMSResult(outcome: outcome ?? .rejected(.cancelled), attempts: self.attempts)
    }

    /// Whether there is time for a further request.
    private func isWorthwhile(_ attempt: Exchange<Action.Response>, _ pause: Duration) -> Bool {
        // A connection that is still being made at the deadline cannot be told from a request that was written. So
        // a message that was certainly not sent is not risked for an attempt that may not get that far.
        var connecting = Duration.zero
        if case .refused(_, .connection) = attempt, self.retries.doubt == nil {
            connecting = self.client.configuration.connectTimeout
        }
        return pause + connecting < self.remaining && !Task.isCancelled
    }

    private func wait(_ pause: Duration) async throws(AlibabaSMSError) {
        if pause > .zero { try await self.sleep(until: self.client.clock.now() + pause) }
        if Task.isCancelled { throw .cancelled }
        guard self.remaining > .zero else { throw .timeout(written: false) }
    }

    /// Waits for a connection slot and a turn within the rate limit.
    ///
    /// The wait for a turn holds no slot, because other actions need the slots. The wait for a slot holds no turn, because
    /// requests with late turns would go together when the slots become free.
    private func slotAndTurn() async throws(AlibabaSMSError) -> ConnectionSlots.Slot {
        while true {
            if let slot = try await self.slotWithTurnNow() { return slot }
            try await self.waitForTurn()
            if let slot = self.client.httpClient.slots.acquireIfFree() { return slot }
            // The turn lapses; only a client that lacks both slots and turns gets here.
        }
    }

    /// Waits for a slot if there is a turn now.
    ///
    /// - Returns: `nil`, and no slot is kept, if the turn is gone when the slot comes.
    private func slotWithTurnNow() async throws(AlibabaSMSError) -> ConnectionSlots.Slot? {
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

    private func waitForTurn() async throws(AlibabaSMSError) {
        let now = self.client.clock.now()
        let turn = try self.client.rateLimits.reserve(Action.name, at: now, by: self.deadline)
        if turn > now { try await self.sleep(until: turn) }
    }

    private func sleep(until time: Duration) async throws(AlibabaSMSError) {
        do {
            try await self.client.clock.sleep(time)
        } catch {
            throw .cancelled
        }
    }

    /// The credential of the next request, or `nil` if that would be refused like the last.
    private func credential(
        for signing: RetryPolicy.Signing,
        after last: Sent?
    ) async throws(AlibabaSMSError) -> AlibabaCredential? {
        switch signing {
        case .same:
            return last?.credential
        case .anew, .withGatewayTime:
            return try await self.credential()
        case .withOtherCredential:
            guard let refused = last?.credential else { return nil }
            let client = self.client
            await withDeadline(self.remaining, on: client.clock.timers) { await client.credentials.invalidate(refused) }
            let credential = try await self.credential()
            return credential == refused ? nil : credential
        }
    }

    private func request(
        _ signing: RetryPolicy.Signing,
        with credential: AlibabaCredential,
        after last: Sent?
    ) -> Sent {
        if signing == .same, let last { return last }
        if case .withGatewayTime(let time) = signing { return self.sign(with: credential, at: time) }
        return self.sign(with: credential, at: self.client.now())
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
        // Cancelled or late: nothing was sent yet, and nothing is to be.
        if Task.isCancelled { throw .cancelled }
        guard let result else { throw .timeout(written: false) }
        return try result.get()
    }

    private func sign(with credential: AlibabaCredential, at time: Date) -> Sent {
        let request = RequestSigner.Request(self.action, host: self.client.endpoint.host)
        let signed = RequestSigner(credential: credential).sign(request, date: time, nonce: self.client.nonce())
        return Sent(
            request: HTTPClientRequest(
                origin: self.client.endpoint.origin,
                // The signed query itself is the query of the URL, so that nothing is left to read in two ways.
                query: signed.canonical.query,
                headers: signed.headers,
                body: request.body
            ),
            credential: credential
        )
    }

    private mutating func attempt(
        _ sent: Sent,
        holding slot: ConnectionSlots.Slot,
        pause: Duration,
        repeatsLastRequest: Bool
    ) async -> Exchange<Action.Response> {
        let clock = self.client.clock
        let configuration = self.client.configuration
        let begin = clock.now()
        let time = min(self.deadline - begin, configuration.connectTimeout + configuration.readTimeout)
        let attempt: Exchange<Action.Response>
        if time <= .zero || Task.isCancelled {
            return .refused(Task.isCancelled ? .cancelled : .timeout(written: false), .none)
        }
        do {
            let answer = try await self.client.httpClient.send(
                sent.request,
                within: time,
                on: clock.timers,
                holding: slot
            )
            attempt = Exchange(answer, to: Action.self)
        } catch {
            attempt = Exchange(error)
        }
        let record = AlibabaSMSExchange(
            attempt,
            pause: pause,
            duration: clock.now() - begin,
            repeatsLastRequest: repeatsLastRequest
        )
        self.attempts.append(record)
        AlibabaSMSMetrics.record(record, of: Action.self)
        return attempt
    }
}

extension AlibabaSMSConfiguration {
    func retryRules(isRepeatable: Bool) -> RetryPolicy.Rules {
        RetryPolicy.Rules(
            isRepeatable: isRepeatable,
            resendsLikelyRefusals: self.resendsLikelyRefusals,
            repeatsUnanswered: self.repeatsUnansweredRequests,
            maximumAttempts: self.maximumAttempts,
            backoff: Backoff(base: self.retryPause, maximum: self.maximumRetryPause, jitter: .full)
        )
    }
}

extension RequestSigner.Request {
    /// Eight kilobytes is the common bound of a request's first line; that of the gateway is not known.
    static let maximumQueryLength = 7000

    /// An action as a request: in the URL, or in the body if it belongs there or the URL would become too long.
    init(_ action: some AlibabaSMSAction, host: String) {
        let parameters = action.parameters
        let fits = type(of: action).placement == .query && parameters.canonicalLength <= Self.maximumQueryLength
        self.init(
            host: host,
            action: type(of: action).name,
            query: fits ? parameters : [],
            contentType: fits ? nil : "application/x-www-form-urlencoded",
            body: fits ? [] : Array(parameters.canonicalQuery.utf8)
        )
    }
}

extension HTTPClientRequest {
    /// A signed request.
    init(origin: String, query: String, headers: [(name: String, value: String)], body: [UInt8]) {
        self.init(url: query.isEmpty ? "\(origin)/" : "\(origin)/?\(query)")
        self.method = .POST
        self.headers = HTTPHeaders(headers.map { ($0.name, $0.value) })
        self.headers.add(name: "accept", value: "application/json")
        if !body.isEmpty { self.body = .bytes(body) }
    }
}
