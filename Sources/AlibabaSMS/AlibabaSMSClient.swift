// SPDX-License-Identifier: Apache-2.0

public import NIOCore

#if canImport(FoundationEssentials)
    package import FoundationEssentials
#else
    package import Foundation
#endif

/// A client for Alibaba Cloud SMS, API version 2018-05-01.
///
/// A call usually makes one HTTP request. By default, the client retries a message only in two cases:
///
/// - The request was certainly not written to a connection.
/// - The gateway certainly rejected the message, and a retry may succeed.
///
/// An idempotent action, such as a query, is also retried if the outcome of the request is unknown. If the outcome remains
/// unknown, the call returns ``AlibabaSMSOutcome/unknown(_:)``.
///
/// Copies of a client share the connections and the rate limits.
public struct AlibabaSMSClient: Sendable {
    /// The configuration of the client.
    public let configuration: AlibabaSMSConfiguration

    let endpoint: Endpoint
    let credentials: any CredentialProvider
    let httpClient: AlibabaHTTPClient
    let ownsHTTPClient: Bool
    let now: @Sendable () -> Date
    let nonce: @Sendable () -> String
    var clock: CallClock
    let chance: @Sendable () -> Double
    let rateLimits: RateLimits

    /// Creates a client with its own connections and the default credential chain.
    ///
    /// See ``DefaultCredentialProvider`` for the sources of the credential. Run the client in a `ServiceGroup`, or call
    /// ``shutdown()`` when the process ends.
    ///
    /// - Parameters:
    ///   - configuration: The gateway to use, and the limits of calls.
    ///   - proxy: The proxy for requests; `nil` connects directly. See ``HTTPProxy`` for the hosts that bypass the proxy.
    ///   - eventLoopGroup: The event loops to run on; `nil` selects the shared event loops of the process.
    /// - Throws: An ``AlibabaSMSError`` that names the invalid field of the configuration.
    public init(
        configuration: AlibabaSMSConfiguration = .init(),
        proxy: HTTPProxy? = nil,
        eventLoopGroup: (any EventLoopGroup)? = nil
    ) throws(AlibabaSMSError) {
        let httpClient = try AlibabaHTTPClient(configuration, proxy: proxy, eventLoopGroup: eventLoopGroup)
        try self.init(
            configuration: configuration,
            credentials: .default(httpClient: httpClient),
            httpClient: httpClient,
            ownsHTTPClient: true
        )
    }

    /// Creates a client with its own connections.
    ///
    /// Run the client in a `ServiceGroup`, or call ``shutdown()`` when the process ends.
    ///
    /// - Parameters:
    ///   - configuration: The gateway to use, and the limits of calls.
    ///   - credentials: The provider of the credential that signs requests.
    ///   - proxy: The proxy for requests; `nil` connects directly. See ``HTTPProxy`` for the hosts that bypass the proxy.
    ///   - eventLoopGroup: The event loops to run on; `nil` selects the shared event loops of the process.
    /// - Throws: An ``AlibabaSMSError`` that names the invalid field of the configuration.
    public init(
        configuration: AlibabaSMSConfiguration = .init(),
        credentials: some CredentialProvider,
        proxy: HTTPProxy? = nil,
        eventLoopGroup: (any EventLoopGroup)? = nil
    ) throws(AlibabaSMSError) {
        try self.init(
            configuration: configuration,
            credentials: credentials,
            httpClient: try AlibabaHTTPClient(configuration, proxy: proxy, eventLoopGroup: eventLoopGroup),
            ownsHTTPClient: true
        )
    }

    /// Creates a client that shares connections with other clients or credential providers.
    ///
    /// - Parameters:
    ///   - configuration: The gateway to use, and the limits of calls.
    ///   - credentials: The provider of the credential that signs requests.
    ///   - httpClient: The HTTP connections. The caller must shut them down.
    /// - Throws: An ``AlibabaSMSError`` that names the invalid field of the configuration.
    public init(
        configuration: AlibabaSMSConfiguration = .init(),
        credentials: some CredentialProvider,
        httpClient: AlibabaHTTPClient
    ) throws(AlibabaSMSError) {
        try self.init(
            configuration: configuration,
            credentials: credentials,
            httpClient: httpClient,
            ownsHTTPClient: false
        )
    }

    /// Creates a client with injected time and randomness.
    ///
    /// - Parameters:
    ///   - configuration: The gateway to use, and the limits of calls.
    ///   - credentials: The provider of the credential that signs requests.
    ///   - httpClient: The HTTP connections.
    ///   - ownsHTTPClient: Whether ``shutdown()`` closes the connections.
    ///   - now: A closure that returns the timestamp of a request.
    ///   - nonce: A closure that returns a unique text for each request.
    ///   - clock: The clock for timeouts, back-offs between retries, and rate limits.
    ///   - chance: A closure that returns a random number from 0 to less than 1, for jitter.
    /// - Throws: An ``AlibabaSMSError`` that names the invalid field of the configuration.
    package init(
        configuration: AlibabaSMSConfiguration,
        credentials: some CredentialProvider,
        httpClient: AlibabaHTTPClient,
        ownsHTTPClient: Bool,
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
        self.ownsHTTPClient = ownsHTTPClient
        self.now = now
        self.nonce = nonce
        self.clock = CallClock(clock)
        self.chance = chance
        self.rateLimits = RateLimits(configuration.requestsPerSecond)
    }

    /// Performs an action and records metrics.
    func call<Action: AlibabaSMSAction>(
        _ action: Action,
        timeout: Duration
    ) async -> AlibabaSMSResult<Action.Response> {
        var call = Call(action, client: self, timeout: min(timeout, self.configuration.totalTimeout))
        let result = await call.result()
        AlibabaSMSMetrics.record(result, of: Action.self, duration: call.elapsed)
        return result
    }
}
