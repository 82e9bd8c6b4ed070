// SPDX-License-Identifier: Apache-2.0

/// One attempt to deliver a webhook.
package struct WebhookRequest: Sendable {
    package let url: String
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]
}

/// The status and `Retry-After` of a receiver's response.
package struct WebhookResponse: Sendable {
    package var status: Int

    /// The value of the header `Retry-After`; `nil` if the header contains no number of seconds.
    package var retryAfter: Duration?

    package init(status: Int, retryAfter: Duration? = nil) {
        self.status = status
        self.retryAfter = retryAfter
    }
}

/// A closure that sends a request, and throws an error if there is no response.
package typealias WebhookTransport = @Sendable (WebhookRequest) async throws -> WebhookResponse
