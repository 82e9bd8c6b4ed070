public import FoundationEssentials

/// Sends messages through Alibaba Cloud SMS, API version 2018-05-01.
///
/// A call makes one request, and a further one only if nothing of the last was written or the gateway said that it did
/// not take it; actions that do no harm twice are repeated freely. All else that goes wrong is
/// ``AlibabaSMSOutcome/unknown(_:)``. Copies of a client share its rate limits.
public struct AlibabaSMSClient: Sendable {
    /// The configuration.
    public let configuration: AlibabaSMSConfiguration

    let endpoint: Endpoint
    let credentials: any CredentialProvider
    let httpClient: AlibabaHTTPClient
    let now: @Sendable () -> Date
    let nonce: @Sendable () -> String
    var clock: CallClock
    let chance: @Sendable () -> Double
    let rateLimits: RateLimits

    /// Creates a client.
    ///
    /// - Parameters:
    ///   - configuration: How to reach the gateway, and what to allow.
    ///   - credentials: What to sign with.
    ///   - httpClient: The HTTP connections.
    ///   - now: The time that requests carry.
    ///   - nonce: A text that no other request carries, each time another.
    ///   - clock: The clock of timeouts, pauses and limits.
    ///   - chance: A random number from 0 up to 1, by which pauses differ.
    /// - Throws: An error that names the field of the configuration that cannot be used.
    public init(
        configuration: AlibabaSMSConfiguration = .init(),
        credentials: some CredentialProvider,
        httpClient: AlibabaHTTPClient,
        now: @escaping @Sendable () -> Date = { Date() },
        nonce: @escaping @Sendable () -> String = { UUID().uuidString },
        clock: some Clock<Duration> = ContinuousClock(),
        chance: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
    ) throws(AlibabaSMSError) {
        try configuration.validate()
        self.configuration = configuration
        self.endpoint = try Endpoint(configuration)
        self.credentials = credentials
        self.httpClient = httpClient
        self.now = now
        self.nonce = nonce
        self.clock = CallClock(clock)
        self.chance = chance
        self.rateLimits = RateLimits(configuration.requestsPerSecond)
    }

    /// Performs one action.
    ///
    /// - Parameters:
    ///   - action: The action.
    ///   - timeout: The longest that this call may take, retries included; longer than the configuration's
    ///     `connectTimeout`, or a gateway that cannot be reached may end as unknown instead of as a rejection.
    /// - Returns: What became of what was asked, and the requests that were made for it.
    public func perform<Action: AlibabaSMSAction>(
        _ action: Action,
        timeout: Duration
    ) async -> AlibabaSMSResult<Action.Response> {
        var call = Call(action, client: self, timeout: min(timeout, self.configuration.totalTimeout))
        let result = await call.result()
        AlibabaSMSMetrics.record(result, of: Action.self, duration: call.elapsed)
        return result
    }
}
