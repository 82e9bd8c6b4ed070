public import AsyncHTTPClient
public import FoundationEssentials
import Logging
import NIOHTTP1
import SMS

/// Sends messages through Alibaba Cloud SMS, API version 2018-05-01.
///
/// A call makes one request, and a further one only if nothing of the last was written or the gateway said that it did
/// not take it. All else that goes wrong is ``SMSSendOutcome/unknown(_:)``.
public struct AlibabaSMSClient: Sendable {
    /// The configuration.
    public let configuration: AlibabaSMSConfiguration

    let endpoint: Endpoint
    let credentials: any CredentialProvider
    let httpClient: HTTPClient
    let now: @Sendable () -> Date
    let nonce: @Sendable () -> String

    /// Creates a client.
    ///
    /// - Parameters:
    ///   - configuration: How to reach the gateway, and what to allow.
    ///   - credentials: What to sign with.
    ///   - httpClient: The HTTP client, made with `HTTPClient.Configuration.alibabaSMS(_:)` and shut down by who made it.
    ///   - now: The time that requests carry.
    ///   - nonce: A text that no other request carries, each time another.
    /// - Throws: An error that names the field of the configuration that cannot be used.
    public init(
        configuration: AlibabaSMSConfiguration = .init(),
        credentials: some CredentialProvider,
        httpClient: HTTPClient,
        now: @escaping @Sendable () -> Date = { Date() },
        nonce: @escaping @Sendable () -> String = { UUID().uuidString }
    ) throws(AlibabaSMSError) {
        try configuration.validate()
        self.configuration = configuration
        self.endpoint = try Endpoint(configuration)
        self.credentials = credentials
        self.httpClient = httpClient
        self.now = now
        self.nonce = nonce
    }

    /// Performs one action.
    ///
    /// - Parameters:
    ///   - action: The action.
    ///   - timeout: The longest that this call may take, retries included; longer than the configuration's
    ///     `connectTimeout`, or a gateway that cannot be reached may end as unknown instead of as a rejection.
    /// - Returns: What became of the request.
    public func perform<Action: AlibabaSMSAction>(
        _ action: Action,
        timeout: Duration
    ) async -> AlibabaSMSOutcome<Action.Answer> {
        do {
            try action.validate(with: self.configuration)
        } catch {
            return .rejected(SMSError(code: "invalidRequest", class: .caller, message: error.message))
        }
        let deadline = ContinuousClock.now + min(timeout, self.configuration.totalTimeout)
        var retries = RetryPolicy(maximumAttempts: self.configuration.maximumAttempts)
        while true {
            let attempt = await self.attempt(action, by: deadline)
            self.log(attempt, action: Action.name)
            guard let error = attempt.refusal, let pause = retries.pause(after: attempt) else {
                return attempt.outcome
            }
            // A connection that is still being made at the deadline cannot be told from a request that was written. So
            // a message that was certainly not sent is not risked for an attempt that may not get that far.
            let connecting = attempt.needsConnection ? self.configuration.connectTimeout : .zero
            guard ContinuousClock.now + pause + connecting < deadline, !Task.isCancelled else {
                return .rejected(error)
            }
            do {
                try await Task.sleep(for: pause, clock: .continuous)
            } catch {
                return attempt.outcome
            }
        }
    }

    private func attempt<Action: AlibabaSMSAction>(
        _ action: Action,
        by deadline: ContinuousClock.Instant
    ) async -> Attempt<Action.Answer> {
        guard ContinuousClock.now < deadline else { return .refused(.timeout(written: false), .never) }
        let credential: AlibabaCredential
        do {
            credential = try await self.credential(by: deadline)
        } catch {
            return .refused(error, .never)
        }
        let longest = self.configuration.connectTimeout + self.configuration.readTimeout
        do {
            let answer = try await self.httpClient.send(
                self.request(for: action, signedWith: credential),
                by: min(deadline, ContinuousClock.now + longest)
            )
            return Attempt(answer)
        } catch {
            return Attempt(error)
        }
    }

    private func credential(by deadline: ContinuousClock.Instant) async throws(SMSError) -> AlibabaCredential {
        let result = await withDeadline(deadline - .now) {
            () -> Result<AlibabaCredential, SMSError> in
            do {
                return .success(try await self.credentials.credential())
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

    private func request(
        for action: some AlibabaSMSAction,
        signedWith credential: AlibabaCredential
    ) -> HTTPClientRequest {
        let signed = RequestSigner.Request(
            host: self.endpoint.host,
            action: type(of: action).name,
            query: action.parameters
        )
        // The canonical query itself is the query of the URL, so that nothing is left to read in two ways.
        var request = HTTPClientRequest(url: "\(self.endpoint.origin)/?\(signed.query.canonicalQuery)")
        request.method = .POST
        request.headers = HTTPHeaders(
            RequestSigner(credential: credential).headers(for: signed, date: self.now(), nonce: self.nonce())
                .map { ($0.name, $0.value) }
        )
        request.headers.add(name: "accept", value: "application/json")
        return request
    }

    private func log<Answer>(_ attempt: Attempt<Answer>, action: String) {
        Logger.current.debug(
            "Gateway request finished",
            metadata: [
                "sms.action": "\(action)",
                "sms.outcome": "\(attempt.label)",
                "sms.code": "\(attempt.error?.code ?? "OK")",
                "sms.request.id": "\(attempt.error?.requestID ?? "")",
            ]
        )
    }
}
