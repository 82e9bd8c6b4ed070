import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Synchronization

/// The signed requests of which a connection began to write the head.
///
/// A proxy that closes the connection during CONNECT causes the same error as a gateway that closes it after the request.
/// AsyncHTTPClient reports the end of the connection only, so each connection records the nonces of the requests that
/// it writes.
final class WrittenRequests: Sendable {
    private struct Entry {
        var users = 0
        var isWritten = false
    }

    private let entries = Mutex<[String: Entry]>([:])

    /// The header that names a request.
    static let header = "x-acs-signature-nonce"

    /// Begins to record a request.
    ///
    /// A request without a nonce is not recorded.
    func begin(_ request: HTTPClientRequest) {
        guard let nonce = request.headers.first(name: Self.header) else { return }
        self.entries.withLock { $0[nonce, default: Entry()].users += 1 }
    }

    /// Ends the record of a request, and returns whether the request was certainly not written.
    func end(_ request: HTTPClientRequest) -> Bool {
        guard let nonce = request.headers.first(name: Self.header) else { return false }
        return self.entries.withLock { entries in
            guard var entry = entries[nonce] else { return false }
            entry.users -= 1
            // A repetition has the same nonce. The record lasts until both have ended.
            entries[nonce] = entry.users > 0 ? entry : nil
            return !entry.isWritten
        }
    }

    /// Observes a connection that was just made.
    ///
    /// An error means that the connection is not used.
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
