// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Deadlines
import NIOCore
import NIOHTTP1
import SendGuard

/// The HTTP client of webhooks, which does not follow redirects, and can refuse private addresses.
///
/// A class, because its HTTP client must be shut down exactly once.
package final class WebhookHTTPClient: Sendable {
    /// The maximum number of bytes of a response body that the client reads.
    ///
    /// The client ignores the content. It reads the body, because a connection can be reused only after the whole body is read.
    private static let maximumBodySize = 16 * 1_024

    /// The maximum wait for the end of a response body.
    private static let bodyTimeout = Duration.seconds(1)

    private static let timeout = TimeAmount.seconds(10)

    private let http: HTTPClient

    /// Creates a client without opening a connection.
    ///
    /// - Parameter allowsPrivateAddresses: Whether the client may connect to this machine and to private networks.
    package init(allowsPrivateAddresses: Bool) {
        self.http = HTTPClient(
            eventLoopGroupProvider: .singleton,
            configuration: .webhooks(Self.timeout, allowsPrivateAddresses: allowsPrivateAddresses)
        )
    }

    /// Sends a request.
    ///
    /// - Throws: An error of the HTTP client if there is no response.
    package func send(_ request: WebhookRequest) async throws -> WebhookResponse {
        var message = HTTPClientRequest(url: request.url)
        message.method = .POST
        for (name, value) in request.headers { message.headers.add(name: name, value: value) }
        message.body = .bytes(ByteBuffer(bytes: request.body))
        let response = try await self.http.execute(message, timeout: Self.timeout, logger: nil)
        // If the status was received, a slow body must not cause a timeout.
        _ = await withDeadline(Self.bodyTimeout) { _ = try? await response.body.collect(upTo: Self.maximumBodySize) }
        let seconds = response.headers.first(name: "retry-after").flatMap { UInt32($0) }
        return WebhookResponse(status: Int(response.status.code), retryAfter: seconds.map { .seconds($0) })
    }

    /// Closes all connections.
    package func shutdown() async {
        // The connections are closed even if this method throws an error.
        try? await self.http.shutdown()
    }
}

extension HTTPClient.Configuration {
    fileprivate static func webhooks(_ timeout: TimeAmount, allowsPrivateAddresses: Bool) -> Self {
        var http = Self(redirectConfiguration: .disallow, timeout: .init(connect: timeout, read: timeout))
        http.connectionPool.retryConnectionEstablishment = false
        // With fewer connections than workers, requests could time out while they wait for a connection.
        http.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = WebhookSender.maximumWorkers
        http.httpVersion = .http1Only
        // The URL can contain a secret.
        http.tracing.tracer = nil
        guard !allowsPrivateAddresses else { return http }
        // The check uses the address of the connection. A name server could evade a check of the host name by returning another
        // address later.
        http.http1_1ConnectionDebugInitializer = { channel in
            let address = channel.remoteAddress?.ipAddress.flatMap { SourceAddress($0) }
            guard address?.isPublic != true else { return channel.eventLoop.makeSucceededVoidFuture() }
            // The pool must remove the connection first.
            channel.eventLoop.execute { channel.close(promise: nil) }
            return channel.eventLoop.makeFailedFuture(
                WebhookError(.privateAddress, "the receiver has an address of this machine or of a private network")
            )
        }
        return http
    }
}
