// SPDX-License-Identifier: Apache-2.0

/// The gateway to use, and the limits of calls.
public struct AlibabaSMSConfiguration: Sendable, Hashable {
    /// The URL of the gateway: scheme, host and optional port.
    ///
    /// ``AlibabaSMSRegion`` lists Alibaba's endpoints.
    ///
    /// The default is Singapore. The mainland service is a different one and is used only if it is set here.
    public var endpoint: String

    /// Whether `http:` is allowed to hosts other than this machine.
    ///
    /// Phone number and text are then sent in clear.
    public var allowsPlaintextEndpoint: Bool

    /// The sender ID of every message; `nil` lets the gateway choose.
    public var senderID: String?

    /// The timeout of establishing a connection.
    ///
    /// It should be shorter than the timeout of a call. While a connection is being established, the client does not know
    /// whether a request was written, so a call that ends then is unknown. After a failed connection, a message is
    /// retried only if this much time is left.
    public var connectTimeout: Duration

    /// The timeout of the gateway's response.
    public var readTimeout: Duration

    /// The longest that one call may take, retries and back-offs included.
    public var totalTimeout: Duration

    /// The most HTTP requests of one call, from 1 to 10.
    ///
    /// A message is retried only if nothing of the request was written, or if the gateway stated that it rejected the
    /// request for now.
    public var maximumRequests: Int

    /// The longest back-off before the second request of a call; it doubles with each further request.
    ///
    /// A back-off is random, from zero to its limit. A wait that the gateway asks for replaces it.
    public var initialBackOff: Duration

    /// The upper limit of every back-off.
    ///
    /// A wait that the gateway asks for may be longer.
    public var maximumBackOff: Duration

    /// Whether a message is retried after a fault with which the gateway likely, but not certainly, rejected it.
    ///
    /// These are `ServiceUnavailable`, `SYSTEM_ERROR` and `ONLINE_BILLING_FAILED`. The recipient may get two messages.
    public var retriesLikelyRejections: Bool

    /// Whether a request of unknown fate is repeated byte for byte, with the same nonce.
    ///
    /// According to its documentation the gateway accepts a nonce once, so at most one message is sent. If it accepts a
    /// repetition, the call is accepted. If it rejects a repetition because it has seen the nonce, the call stays
    /// unknown: the gateway received the first request, but may not have sent the message. This option was never tried
    /// on the real service.
    public var repeatsUnansweredRequests: Bool

    /// The rate limit of each action, by the action's name; actions that are not listed have no limit.
    ///
    /// The defaults are the gateway's limits of an account. Programs that share an account have to divide them. A request
    /// waits for the rate limit until the deadline of its call; if the wait would be longer, it is rejected immediately.
    public var requestsPerSecond: [String: Int]

    /// The most connections to the gateway, from 1 to 10,000.
    ///
    /// A connection carries one request at a time.
    ///
    /// The default suffices for the 2,000 messages per second of an account with response times of up to 200 ms. A call
    /// that gets no connection before its deadline is rejected as `unreachable`.
    public var maximumConnections: Int

    /// The template of verification codes to mainland China; `nil` rejects mainland numbers.
    public var mainlandTemplate: MainlandTemplate?

    /// The longest text, in UTF-16 code units.
    ///
    /// The gateway's documents contradict each other on this limit.
    public var maximumTextLength: Int

    /// The gateway's rate limits of an account.
    public static let accountRequestsPerSecond = [
        SendMessageToGlobe.name: 2000, BatchSendMessageToGlobe.name: 1, QueryMessage.name: 300,
    ]

    /// Creates a configuration.
    ///
    /// - Parameters:
    ///   - endpoint: The URL of the gateway.
    ///   - allowsPlaintextEndpoint: Whether `http:` is allowed to hosts other than this machine.
    ///   - senderID: The sender ID of every message.
    ///   - connectTimeout: The timeout of establishing a connection.
    ///   - readTimeout: The timeout of the gateway's response.
    ///   - totalTimeout: The longest that one call may take.
    ///   - maximumRequests: The most HTTP requests of one call.
    ///   - initialBackOff: The longest back-off before the second request of a call.
    ///   - maximumBackOff: The upper limit of every back-off.
    ///   - retriesLikelyRejections: Whether a message is retried after a likely, but not certain, rejection.
    ///   - repeatsUnansweredRequests: Whether a request of unknown fate is repeated byte for byte.
    ///   - requestsPerSecond: The rate limit of each action, by the action's name.
    ///   - maximumConnections: The most connections to the gateway.
    ///   - mainlandTemplate: The template of verification codes to mainland China.
    ///   - maximumTextLength: The longest text, in UTF-16 code units.
    public init(
        endpoint: String = "https://dysmsapi.ap-southeast-1.aliyuncs.com",
        allowsPlaintextEndpoint: Bool = false,
        senderID: String? = nil,
        connectTimeout: Duration = .seconds(5),
        readTimeout: Duration = .seconds(10),
        totalTimeout: Duration = .seconds(30),
        maximumRequests: Int = 3,
        initialBackOff: Duration = .milliseconds(200),
        maximumBackOff: Duration = .seconds(5),
        retriesLikelyRejections: Bool = false,
        repeatsUnansweredRequests: Bool = false,
        requestsPerSecond: [String: Int] = Self.accountRequestsPerSecond,
        maximumConnections: Int = 400,
        mainlandTemplate: MainlandTemplate? = nil,
        maximumTextLength: Int = 1500
    ) {
        self.endpoint = endpoint
        self.allowsPlaintextEndpoint = allowsPlaintextEndpoint
        self.senderID = senderID
        self.connectTimeout = connectTimeout
        self.readTimeout = readTimeout
        self.totalTimeout = totalTimeout
        self.maximumRequests = maximumRequests
        self.initialBackOff = initialBackOff
        self.maximumBackOff = maximumBackOff
        self.retriesLikelyRejections = retriesLikelyRejections
        self.repeatsUnansweredRequests = repeatsUnansweredRequests
        self.requestsPerSecond = requestsPerSecond
        self.maximumConnections = maximumConnections
        self.mainlandTemplate = mainlandTemplate
        self.maximumTextLength = maximumTextLength
    }

    func validate() throws(AlibabaSMSError) {
        let timeouts = [
            ("connectTimeout", self.connectTimeout), ("readTimeout", self.readTimeout),
            ("totalTimeout", self.totalTimeout), ("initialBackOff", self.initialBackOff),
            ("maximumBackOff", self.maximumBackOff),
        ]
        for (field, value) in timeouts where value <= .zero || value > .seconds(3600) {
            throw Self.error(field, "must be positive and at most one hour")
        }
        guard (1...10).contains(self.maximumRequests) else { throw Self.error("maximumRequests", "must be 1 to 10") }
        guard self.requestsPerSecond.values.allSatisfy({ (1...100_000).contains($0) }) else {
            throw Self.error("requestsPerSecond", "must be 1 to 100,000 each")
        }
        guard (1...10_000).contains(self.maximumConnections) else {
            throw Self.error("maximumConnections", "must be 1 to 10,000")
        }
        if let template = self.mainlandTemplate {
            do {
                try MainlandTemplate.validate(
                    signature: template.signature,
                    signatureField: "signature",
                    templateCode: template.code
                )
            } catch {
                throw Self.error("mainlandTemplate", "is invalid: \(error.message)")
            }
        }
        guard self.maximumTextLength > 0 else { throw Self.error("maximumTextLength", "must be positive") }
        if let senderID = self.senderID, !SenderID.isValid(senderID) {
            throw Self.error("senderID", SenderID.rule)
        }
    }

    static func error(_ field: String, _ message: String) -> AlibabaSMSError {
        AlibabaSMSError(.invalidConfiguration, field: field, message: "\(field) \(message)")
    }
}
