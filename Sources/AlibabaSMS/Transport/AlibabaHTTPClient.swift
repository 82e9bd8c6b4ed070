import AsyncHTTPClient
import Deadlines
public import NIOCore
import NIOHTTP1
public import Redaction
import SMSKit
import Synchronization

/// The HTTP connections to the gateway and to the services that give out credentials.
///
/// Make one for the process, and shut it down when the process ends. A client that was not shut down closes its
/// connections when it is deallocated.
///
/// The number and the text travel in the URL. So it follows no redirect, which would carry them to another host, and
/// traces nothing, because a span of the HTTP client holds the whole URL.
public final class AlibabaHTTPClient: Sendable {
    /// The proxy.
    public let proxy: HTTPProxy?

    /// The connections that requests to the gateway may use at the same time.
    let slots: ConnectionSlots

    private let direct: HTTPClient
    private let proxied: HTTPClient?
    /// The requests that were written through the proxy.
    private let written = WrittenRequests()
    private let isShutDown = Mutex(false)

    /// Creates a client; no connection is made yet.
    ///
    /// - Parameters:
    ///   - configuration: The timeouts and the number of connections are taken from it; all of it is checked.
    ///   - proxy: The proxy for requests to other hosts; see ``HTTPProxy/fromEnvironment(_:)``.
    ///   - eventLoopGroup: The event loops; by default those that all of the process shares.
    /// - Throws: An ``AlibabaSMSError`` that names the field of the configuration that cannot be used.
    public init(
        _ configuration: AlibabaSMSConfiguration = .init(),
        proxy: HTTPProxy? = nil,
        eventLoopGroup: (any EventLoopGroup)? = nil
    ) throws(AlibabaSMSError) {
        // Before anything is made that would have to be shut down.
        try configuration.validate()
        _ = try Endpoint(configuration)
        self.proxy = proxy
        self.slots = ConnectionSlots(count: configuration.maximumConnections)
        let group: HTTPClient.EventLoopGroupProvider = eventLoopGroup.map { .shared($0) } ?? .singleton
        self.direct = HTTPClient(eventLoopGroupProvider: group, configuration: .alibabaSMS(configuration))
        let written = self.written
        self.proxied = proxy.map { proxy in
            var http = HTTPClient.Configuration.alibabaSMS(configuration)
            http.http1_1ConnectionDebugInitializer = { written.observe($0) }
            http.proxy = .server(host: proxy.host, port: proxy.port, authorization: proxy.authorization)
            return HTTPClient(eventLoopGroupProvider: group, configuration: http)
        }
    }

    deinit {
        guard !self.isShutDown.withLock({ $0 }) else { return }
        self.direct.shutdown { _ in }
        self.proxied?.shutdown { _ in }
    }

    /// Closes all connections; calls that are under way fail.
    ///
    /// A second call does nothing.
    ///
    /// - Throws: An error of the HTTP client; the connections are closed nevertheless.
    public func shutdown() async throws {
        let wasShutDown = self.isShutDown.withLock { isShutDown in
            defer { isShutDown = true }
            return isShutDown
        }
        guard !wasShutDown else { return }
        var failure: (any Error)?
        for client in [self.direct, self.proxied].compactMap(\.self) {
            do { try await client.shutdown() } catch { failure = error }
        }
        if let failure { throw failure }
    }

    /// Sends a request once and reads the whole response, or fails, within the time.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - time: The longest that it may take.
    ///   - timers: The timers of the clock.
    ///   - slot: The slot of the request, which is free again when its connection is.
    ///   - isDirect: Whether the request does not go through the proxy, whatever its host is.
    /// - Returns: The response.
    /// - Throws: The reason why there is none.
    func send(
        _ request: HTTPClientRequest,
        within time: Duration,
        on timers: Timers,
        holding slot: ConnectionSlots.Slot? = nil,
        isDirect: Bool = false
    ) async throws(HTTPClient.SendFailure) -> GatewayResponse {
        if !isDirect, let proxied = self.proxied, self.usesProxy(for: request.url) {
            return try await proxied.send(request, within: time, on: timers, holding: slot, recordedIn: self.written)
        }
        return try await self.direct.send(request, within: time, on: timers, holding: slot)
    }

    /// Sends a GET request, and returns the status of the response.
    ///
    /// - Parameters:
    ///   - url: The URL.
    ///   - time: The longest that it may take.
    /// - Returns: The HTTP status.
    /// - Throws: An error of the HTTP client.
    package func status(of url: String, within time: Duration) async throws -> Int {
        let response = try await self.client(for: url).execute(HTTPClientRequest(url: url), timeout: TimeAmount(time))
        return Int(response.status.code)
    }

    /// Whether a request to a URL goes through the proxy.
    package func usesProxy(for url: String) -> Bool { self.proxied != nil && self.proxy?.applies(to: url) == true }

    private func client(for url: String) -> HTTPClient {
        self.usesProxy(for: url) ? self.proxied ?? self.direct : self.direct
    }
}

extension HTTPProxy {
    fileprivate var authorization: HTTPClient.Authorization? {
        guard let user = self.user else { return nil }
        return .basic(username: user, password: self.password ?? "")
    }
}

extension AlibabaHTTPClient: Redacted {
    /// The type, and the proxy without its password.
    public var description: String { "AlibabaHTTPClient(\(self.proxy?.description ?? "no proxy"))" }
}
