// SPDX-License-Identifier: Apache-2.0

import Webhooks

/// The webhooks of `otp serve`: their queue and their HTTP client.
struct WebhookService: Sendable {
    /// The sink for audit events, which sends them as webhooks.
    let sender: WebhookSender

    private let http: WebhookHTTPClient

    /// Creates the queue and the client.
    ///
    /// - Parameter endpoint: The receiver.
    init(_ endpoint: WebhookEndpoint) {
        let http = WebhookHTTPClient(allowsPrivateAddresses: endpoint.allowsPrivateAddresses)
        self.http = http
        self.sender = WebhookSender(endpoint) { try await http.send($0) }
    }

    /// Sends the webhooks in the queue within a limited time, and closes all connections.
    func shutdown() async {
        await self.sender.drain(within: .seconds(5))
        await self.http.shutdown()
    }
}
