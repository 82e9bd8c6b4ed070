/// How to reach the gateway, and what to allow.
public struct AlibabaSMSConfiguration: Sendable, Hashable {
    /// The URL of the gateway: scheme, host and perhaps a port; ``AlibabaSMSRegion`` knows those of Alibaba.
    ///
    /// The default is Singapore. The mainland service is another one and is never used unless it is named here.
    public var endpoint: String

    /// Whether `http:` is allowed to hosts other than this one; number and text then travel in clear.
    public var allowsPlaintextEndpoint: Bool

    /// The sender ID of every message; `nil` leaves it to the gateway.
    public var senderID: String?

    /// The longest that making a connection may take.
    ///
    /// It should be shorter than the timeout of a call: while a connection is being made, nobody can tell whether
    /// something was written, so a call that ends then is unknown. A message that was not sent because no connection
    /// could be made is tried again only if this time is left.
    public var connectTimeout: Duration

    /// The longest that the gateway may take to answer.
    public var readTimeout: Duration

    /// The longest that one call may take, retries and pauses included.
    public var totalTimeout: Duration

    /// The most requests that one call may make.
    ///
    /// A request is repeated only if nothing of it was written or the gateway said that it did not take it.
    public var maximumAttempts: Int

    /// The longest pause after the first request; the ceiling doubles with each further one.
    ///
    /// A pause is anything from nothing to its ceiling, unless the gateway says how long it shall be.
    public var retryPause: Duration

    /// The longest pause of all, unless the gateway says how long it shall be.
    public var maximumRetryPause: Duration

    /// Whether a message is sent again after an answer by which the gateway likely, but not certainly, refused it.
    ///
    /// These are `ServiceUnavailable`, `SYSTEM_ERROR` and `ONLINE_BILLING_FAILED`. A second message may result.
    public var resendsLikelyRefusals: Bool

    /// Whether a request that may have been lost is repeated byte for byte, with the same nonce.
    ///
    /// By its documents the gateway takes a nonce once, so at most one message results. A repetition that is accepted
    /// makes the call accepted; one that is refused because the nonce was seen leaves it unknown, for that proves that
    /// the gateway has seen the first and not that it took it. This was never tried on the real service.
    public var repeatsUnansweredRequests: Bool

    /// The most requests of each action in any one second, by the action's name; what is not named has no limit.
    ///
    /// The defaults are the gateway's own limits for an account. Programs that share an account should share them out.
    /// A request waits for its turn within the deadline of its call, and is refused at once if that is too short.
    public var requestsPerSecond: [String: Int]

    /// The most connections to the gateway; each carries one request at a time.
    ///
    /// The default is enough for the 2,000 messages a second that an account may send, if each is answered within a fifth
    /// of a second. A request that gets no connection within its deadline is rejected as `unreachable`.
    public var maximumConnections: Int

    /// How verification codes go to mainland China; `nil` refuses its numbers.
    public var mainlandTemplate: MainlandTemplate?

    /// The longest text, in UTF-16 units; the documents of the gateway disagree on it.
    public var maximumTextLength: Int

    /// The gateway's own limits for an account.
    public static let accountRequestsPerSecond = [
        SendMessageToGlobe.name: 2000, BatchSendMessageToGlobe.name: 1, QueryMessage.name: 300,
    ]

    /// Creates a configuration.
    ///
    /// - Parameters:
    ///   - endpoint: The URL of the gateway.
    ///   - allowsPlaintextEndpoint: Whether `http:` is allowed to hosts other than this one.
    ///   - senderID: The sender ID of every message.
    ///   - connectTimeout: The longest that making a connection may take.
    ///   - readTimeout: The longest that the gateway may take to answer.
    ///   - totalTimeout: The longest that one call may take.
    ///   - maximumAttempts: The most requests that one call may make.
    ///   - retryPause: The longest pause after the first request.
    ///   - maximumRetryPause: The longest pause of all.
    ///   - resendsLikelyRefusals: Whether a message is sent again that was likely, but not certainly, refused.
    ///   - repeatsUnansweredRequests: Whether a request that may have been lost is repeated byte for byte.
    ///   - requestsPerSecond: The most requests of each action in any one second, by the action's name.
    ///   - maximumConnections: The most connections to the gateway.
    ///   - mainlandTemplate: How verification codes go to mainland China.
    ///   - maximumTextLength: The longest text, in UTF-16 units.
    public init(
        endpoint: String = "https://dysmsapi.ap-southeast-1.aliyuncs.com",
        allowsPlaintextEndpoint: Bool = false,
        senderID: String? = nil,
        connectTimeout: Duration = .seconds(5),
        readTimeout: Duration = .seconds(10),
        totalTimeout: Duration = .seconds(30),
        maximumAttempts: Int = 3,
        retryPause: Duration = .milliseconds(200),
        maximumRetryPause: Duration = .seconds(5),
        resendsLikelyRefusals: Bool = false,
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
        self.maximumAttempts = maximumAttempts
        self.retryPause = retryPause
        self.maximumRetryPause = maximumRetryPause
        self.resendsLikelyRefusals = resendsLikelyRefusals
        self.repeatsUnansweredRequests = repeatsUnansweredRequests
        self.requestsPerSecond = requestsPerSecond
        self.maximumConnections = maximumConnections
        self.mainlandTemplate = mainlandTemplate
        self.maximumTextLength = maximumTextLength
    }

    func validate() throws(AlibabaSMSError) {
        let timeouts = [
            ("connectTimeout", self.connectTimeout), ("readTimeout", self.readTimeout),
            ("totalTimeout", self.totalTimeout), ("retryPause", self.retryPause),
            ("maximumRetryPause", self.maximumRetryPause),
        ]
        for (field, value) in timeouts where value <= .zero || value > .seconds(3600) {
            throw Self.error(field, "must be more than nothing and at most an hour")
        }
        guard (1...10).contains(self.maximumAttempts) else { throw Self.error("maximumAttempts", "must be 1 to 10") }
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
                throw Self.error("mainlandTemplate", "cannot be used: \(error.message)")
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
