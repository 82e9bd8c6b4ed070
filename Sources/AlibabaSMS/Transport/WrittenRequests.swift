// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Synchronization

/// Records which requests were written to connections through a proxy.
///
/// AsyncHTTPClient reports the same error in two cases: the proxy closed the connection during CONNECT, or the gateway closed
/// the connection after the request was written. Only this record distinguishes the two cases. Requests are identified by their
/// nonces.
final class WrittenRequests: Sendable {
    private struct Entry {
        var users = 0
        var isWritten = false
    }

    private let entries = Mutex<[String: Entry]>([:])

    /// The name of the header that identifies a request.
    static let header = "x-acs-signature-nonce"

    /// Starts to record a request.
    ///
    /// A request without a nonce is not recorded.
    func begin(_ request: HTTPClientRequest) {
        guard let nonce = request.headers.first(name: Self.header) else { return }
        self.entries.withLock { $0[nonce, default: Entry()].users += 1 }
    }

    /// Stops recording a request, and returns whether the request was certainly not written.
    func end(_ request: HTTPClientRequest) -> Bool {
        guard let nonce = request.headers.first(name: Self.header) else { return false }
        return self.entries.withLock { entries in
            guard var entry = entries[nonce] else { return false }
            entry.users -= 1
            // A repeated request has the same nonce, and therefore shares the entry.
            entries[nonce] = entry.users > 0 ? entry : nil
            return !entry.isWritten
        }
    }

    /// Installs an observer on a new connection.
    ///
    /// The observer records each request that is written. If the observer cannot be installed, the connection is not
    /// used.
    func observe(_ channel: any Channel) -> EventLoopFuture<Void> {
        channel.eventLoop.submit {
            let pipeline = channel.pipeline.syncOperations
            let encoder = try pipeline.handler(type: HTTPRequestEncoder.self)
            try pipeline.addHandler(Observer(self), position: .after(encoder))
        }
    }

    private func markWritten(_ nonce: String) {
        self.entries.withLock { $0[nonce]?.isWritten = true }
    }

    private final class Observer: ChannelOutboundHandler {
        typealias OutboundIn = HTTPClientRequestPart
        typealias OutboundOut = HTTPClientRequestPart

        private let requests: WrittenRequests

        init(_ requests: WrittenRequests) { self.requests = requests }

        func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
            if case .head(let head) = self.unwrapOutboundIn(data),
                let nonce = head.headers.first(name: WrittenRequests.header)
            {
                self.requests.markWritten(nonce)
            }
            context.write(data, promise: promise)
        }
    }
}
