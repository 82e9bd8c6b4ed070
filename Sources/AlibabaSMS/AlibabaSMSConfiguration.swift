// SPDX-License-Identifier: Apache-2.0

/// The configuration of an ``AlibabaSMSClient``: the gateway to use, and the limits of calls.
public struct AlibabaSMSConfiguration: Sendable, Hashable {
    /// The URL of the gateway, with a scheme, a host and an optional port.
    ///
    /// ``AlibabaSMSRegion`` lists Alibaba's endpoints. The default is Singapore. Mainland China has a separate service, which
    /// is used only if its endpoint is set here.
    public var endpoint: String

    /// Whether `http:` is allowed for hosts other than this machine.
    ///
    /// With `http:`, phone numbers and texts are sent unencrypted.
    public var allowsPlaintextEndpoint: Bool

    /// The sender ID of every message; `nil` lets the gateway choose.
    public var senderID: String?

    /// The timeout for establishing a connection, at most one hour.
    ///
    /// Choose a value below the timeout of a call. If a call times out while a connection is being established, the outcome
    /// of the call is unknown.
    ///
    /// After a failed connection attempt, the client retries only if the remaining time suffices for the back-off and for
    /// another connection attempt.
    public var connectTimeout: Duration

    /// The timeout for the gateway's response, at most one hour.
    public var readTimeout: Duration

    /// The maximum duration of one call, including retries and back-offs, at most one hour.
    public var totalTimeout: Duration

    /// The maximum number of HTTP requests per call, from 1 to 10.
    ///
    /// ``AlibabaSMSClient`` describes the cases in which the client retries a message. ``retriesLikelyRejections`` and
    /// ``repeatsUnansweredRequests`` add further cases.
    public var maximumRequests: Int

    /// The maximum back-off before the second request of a call.
    ///
    /// The maximum doubles with each further request of the call. Each back-off is a random time from zero to the current
    /// maximum. If the gateway requests a wait, the client waits for the requested time instead.
    public var initialBackOff: Duration

    /// The upper limit of all back-offs.
    ///
    /// A wait that the gateway requests may be longer.
    public var maximumBackOff: Duration

    /// Whether a message is retried after a probable rejection.
    ///
    /// The error codes of probable rejections are `ServiceUnavailable`, `ServiceUnavailableTemporary`, `SYSTEM_ERROR` and
    /// `ONLINE_BILLING_FAILED`. A retry may deliver a second message.
    public var retriesLikelyRejections: Bool

    /// Whether a request with an unknown outcome is repeated byte for byte, with the same nonce.
    ///
    /// According to Alibaba's documentation, the gateway accepts each nonce only once. If all servers of the gateway share
    /// the list of used nonces, at most one message is sent. This option has not been tested with the real service.
    ///
    /// If the gateway accepts the repeated request, the call returns ``AlibabaSMSOutcome/accepted(_:)``. If the gateway
    /// responds that the nonce was already used, the outcome stays unknown. The gateway has then received the first request,
    /// but may not have sent the message.
    public var repeatsUnansweredRequests: Bool

    /// The maximum number of requests per second for each action, keyed by the name of the action.
    ///
    /// Each maximum is a number from 1 to 100,000. An action without an entry has no limit.
    ///
    /// The defaults are the gateway's limits per account. Programs that share an account must divide the limits among
    /// themselves.
    ///
    /// A request above the limit waits. If the wait would end after the deadline of the call, the call is rejected immediately.
    public var requestsPerSecond: [String: Int]

    /// The maximum number of connections to the gateway, from 1 to 10,000.
    ///
    /// A connection carries one request at a time. The default suffices for 2,000 messages per second at response times of up
    /// to 200 ms. If no connection becomes free before the deadline of a call, the call is rejected as `unreachable`.
    public var maximumConnections: Int

    /// The template for verification codes to mainland China; `nil` rejects numbers in mainland China.
    public var mainlandTemplate: MainlandTemplate?

    /// The maximum length of a text in UTF-16 code units.
    ///
    /// Alibaba's documents contradict each other about the gateway's limit.
    public var maximumTextLength: Int

    /// The gateway's rate limits per account, in requests per second.
    public static let accountRequestsPerSecond = [
        SendMessageToGlobe.name: 2000, BatchSendMessageToGlobe.name: 1, QueryMessage.name: 300,
    ]

    /// Creates a configuration.
    ///
    /// - Parameters:
    ///   - endpoint: The URL of the gateway.
    ///   - allowsPlaintextEndpoint: Whether `http:` is allowed for hosts other than this machine.
    ///   - senderID: The sender ID of every message; `nil` lets the gateway choose.
    ///   - connectTimeout: The timeout for establishing a connection.
    ///   - readTimeout: The timeout for the gateway's response.
    ///   - totalTimeout: The maximum duration of one call, including retries and back-offs.
    ///   - maximumRequests: The maximum number of HTTP requests per call, from 1 to 10.
    ///   - initialBackOff: The maximum back-off before the second request of a call.
    ///   - maximumBackOff: The upper limit of all back-offs.
    ///   - retriesLikelyRejections: Whether a message is retried after a probable rejection.
    ///   - repeatsUnansweredRequests: Whether a request with an unknown outcome is repeated byte for byte.
    ///   - requestsPerSecond: The maximum number of requests per second for each action, keyed by the name of the action.
    ///   - maximumConnections: The maximum number of connections to the gateway, from 1 to 10,000.
    ///   - mainlandTemplate: The template for verification codes to mainland China; `nil` rejects numbers in mainland China.
    ///   - maximumTextLength: The maximum length of a text in UTF-16 code units.
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
