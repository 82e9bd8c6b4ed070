// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Deadlines
public import NIOCore
import NIOHTTP1
public import Redaction
import SMSKit
import Synchronization

/// The HTTP connections to the gateway and to credential services.
///
/// Every ``AlibabaSMSClient`` creates its own connections by default. To share connections among several clients and
/// credential providers, create one HTTP client per process. Run the HTTP client in a `ServiceGroup`, or shut it down before
/// the process ends.
///
/// The URL of a request contains the phone number and the text. The client therefore follows no redirects, and turns off the
/// tracing of AsyncHTTPClient, which would record the URL.
public final class AlibabaHTTPClient: Sendable {
    /// The proxy; `nil` without a proxy.
    public let proxy: HTTPProxy?

    /// The semaphore that limits concurrent requests to the gateway.
    let slots: ConnectionSlots

    private let direct: HTTPClient
    private let proxied: HTTPClient?
    /// The record of requests that were written through the proxy.
    private let written = WrittenRequests()
    /// The task that closes the connections; `nil` until the first shutdown.
    private let closing = Mutex<Task<Void, any Error>?>(nil)

    /// Creates an HTTP client without opening a connection.
    ///
    /// - Parameters:
    ///   - configuration: The configuration, which contains the timeouts and the connection limit.
    ///   - proxy: The proxy for requests, for example from ``HTTPProxy/fromEnvironment(_:)``; `nil` connects directly.
    ///   - eventLoopGroup: The event loops to run on; `nil` selects the shared event loops of the process.
    /// - Throws: An ``AlibabaSMSError`` that names the invalid field of the configuration.
    public init(
        _ configuration: AlibabaSMSConfiguration = .init(),
        proxy: HTTPProxy? = nil,
        eventLoopGroup: (any EventLoopGroup)? = nil
    ) throws(AlibabaSMSError) {
        // The validation comes first, because AsyncHTTPClient traps on some invalid settings and on a missing shutdown.
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
        guard self.closing.withLock({ $0 == nil }) else { return }
        self.direct.shutdown { _ in }
        self.proxied?.shutdown { _ in }
    }

    /// Closes all connections, and returns when they are closed.
    ///
    /// Pending requests fail, and later requests are rejected. A second shutdown waits until the first shutdown has finished.
    ///
    /// - Throws: An error of the HTTP client. The connections are closed even after an error.
    public func shutdown() async throws {
        let closing = self.closing.withLock { closing in
            let task = closing ?? Task { [clients = [self.direct, self.proxied]] in try await Self.close(clients) }
            closing = task
            return task
        }
        try await closing.value
    }

    private static func close(_ clients: [HTTPClient?]) async throws {
        var failure: (any Error)?
        for client in clients.compactMap(\.self) {
            do { try await client.shutdown() } catch { failure = error }
        }
        if let failure { throw failure }
    }

    /// Sends a request once, and reads the whole response within a timeout.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - time: The timeout.
    ///   - timers: The timers that enforce the timeout.
    ///   - slot: The connection slot of the request. The slot stays occupied until the connection is free.
    ///   - isDirect: Whether the request bypasses the proxy, regardless of the host.
    /// - Returns: The response.
    /// - Throws: The reason why there is no response.
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

    /// Sends a GET request, and returns the HTTP status.
    ///
    /// - Parameters:
    ///   - url: The URL.
    ///   - time: The timeout.
    /// - Returns: The HTTP status.
    /// - Throws: An error of the HTTP client.
    package func status(of url: String, within time: Duration) async throws -> Int {
        let response = try await self.client(for: url).execute(HTTPClientRequest(url: url), timeout: TimeAmount(time))
        return Int(response.status.code)
    }

    /// Returns whether a request to a URL goes through the proxy.
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
    /// A text with the host and the port of the proxy, without the user name and the password.
    public var description: String { "AlibabaHTTPClient(\(self.proxy?.description ?? "no proxy"))" }
}
