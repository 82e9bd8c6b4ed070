// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import NIOCore

extension HTTPClient.Configuration {
    /// Returns the configuration of AsyncHTTPClient for the gateway.
    ///
    /// The URL of a request contains the phone number and the text. The client therefore follows no redirects, which would
    /// send them to another host, and creates no spans, which would contain the whole URL. ``ExchangeSpan`` omits it.
    ///
    /// - Parameter configuration: The source of timeouts and of the connection limit.
    /// - Returns: The configuration.
    static func alibabaSMS(_ configuration: AlibabaSMSConfiguration) -> HTTPClient.Configuration {
        var http = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(
                connect: TimeAmount(configuration.connectTimeout),
                read: TimeAmount(configuration.readTimeout)
            )
        )
        // Only `RetryPolicy` decides about retries.
        http.connectionPool.retryConnectionEstablishment = false
        // The gateway closes idle connections after 25 seconds. A request on a connection that is closing ends as unknown.
        http.connectionPool.idleTimeout = .seconds(15)
        // The slots limit the connections in use. The rest is headroom for connections that are closing, which TLS
        // does slowly.
        http.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 2 * configuration.maximumConnections
        http.httpVersion = .http1Only
        http.tracing.tracer = nil
        return http
    }
}
