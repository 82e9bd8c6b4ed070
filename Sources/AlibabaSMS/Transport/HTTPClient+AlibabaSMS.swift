// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import NIOCore

extension HTTPClient.Configuration {
    /// Returns the configuration of AsyncHTTPClient for the gateway.
    ///
    /// The URL of a request contains the phone number and the text. The client therefore follows no redirects. The tracing of
    /// AsyncHTTPClient is turned off, because a trace would record the URL. ``ExchangeSpan`` creates a span without the URL
    /// instead.
    ///
    /// - Parameter configuration: The configuration, which contains the timeouts and the connection limit.
    /// - Returns: The configuration of AsyncHTTPClient.
    static func alibabaSMS(_ configuration: AlibabaSMSConfiguration) -> HTTPClient.Configuration {
        var http = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(
                connect: TimeAmount(configuration.connectTimeout),
                read: TimeAmount(configuration.readTimeout)
            )
        )
        // Only `RetryPolicy` decides whether a request is retried.
        http.connectionPool.retryConnectionEstablishment = false
        // The gateway closes idle connections after 25 seconds. The outcome of a request on a closing connection would be
        // unknown, so the client closes idle connections earlier.
        http.connectionPool.idleTimeout = .seconds(15)
        // `ConnectionSlots` limits the connections in use. The factor 2 leaves room for connections that are closing, because
        // closing a TLS connection takes some time.
        http.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 2 * configuration.maximumConnections
        http.httpVersion = .http1Only
        http.tracing.tracer = nil
        return http
    }
}
