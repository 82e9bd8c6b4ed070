import AsyncHTTPClient
import NIOCore

extension HTTPClient.Configuration {
    /// The configuration of the clients of ``AlibabaHTTPClient``.
    ///
    /// The number and the text travel in the URL. So such a client follows no redirect, which would carry them to
    /// another host, and traces nothing, because a span of the HTTP client holds the whole URL.
    ///
    /// - Parameter configuration: The timeouts are taken from it.
    /// - Returns: The configuration of the HTTP client.
    static func alibabaSMS(_ configuration: AlibabaSMSConfiguration) -> HTTPClient.Configuration {
        var http = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(
                connect: TimeAmount(configuration.connectTimeout),
                read: TimeAmount(configuration.readTimeout)
            )
        )
        // A failed connection is to be told at once: whether to try again is decided in one place only.
        http.connectionPool.retryConnectionEstablishment = false
        // The gateway closes idle connections after 25 seconds; a request on a closing one would end as unknown.
        http.connectionPool.idleTimeout = .seconds(15)
        // A connection carries one request at a time. The slots limit them; the rest is for connections that are being
        // closed, which TLS does slowly.
        http.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 2 * configuration.maximumConnections
        http.httpVersion = .http1Only
        http.tracing.tracer = nil
        return http
    }
}
