// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import Testing

@testable import Webhooks

/// A receiver of webhooks with responses from the test.
final class FakeReceiver: Sendable {
    enum Reply: Sendable {
        case status(Int, retryAfter: Duration? = nil)
        /// There is no response, because the connection fails.
        case unreachable
        /// There is never a response.
        case hang
    }

    struct Unreachable: Error, CustomStringConvertible {
        var description: String { "https://example.com/SECRET-PATH" }
    }

    private let replies: Mutex<[Reply]>
    private let rest: Reply
    private let stored = Mutex<[WebhookRequest]>([])
    private let arrivals: AsyncStream<WebhookRequest>
    private let input: AsyncStream<WebhookRequest>.Continuation

    /// Creates a receiver.
    ///
    /// - Parameters:
    ///   - replies: The replies to the first requests.
    ///   - rest: The reply to all further requests.
    init(_ replies: [Reply] = [], then rest: Reply = .status(204)) {
        self.replies = Mutex(replies)
        self.rest = rest
        (self.arrivals, self.input) = AsyncStream.makeStream()
    }

    /// All requests so far.
    var requests: [WebhookRequest] { self.stored.withLock { $0 } }

    func respond(to request: WebhookRequest) async throws -> WebhookResponse {
        let reply = self.replies.withLock { $0.isEmpty ? self.rest : $0.removeFirst() }
        self.stored.withLock { $0.append(request) }
        self.input.yield(request)
        switch reply {
        case .status(let status, let wait): return WebhookResponse(status: status, retryAfter: wait)
        case .unreachable: throw Unreachable()
        case .hang:
            try await Task.sleep(for: .seconds(86_400))
            throw Unreachable()
        }
    }

    /// Waits for the next request, and returns it.
    func next() async throws -> WebhookRequest {
        try #require(await self.arrivals.first { _ in true })
    }
}

extension WebhookRequest {
    subscript(name: String) -> String { self.headers.first { $0.name == name }?.value ?? "" }
}
