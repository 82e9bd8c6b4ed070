// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1
import ServiceLifecycle
import TextFormats

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The error that ends the handling of a request after an injected ``Fault`` closed the connection.
struct ConnectionClosed: Error {}

/// The connection of a request.
///
/// An injected ``Fault`` can delay the response or close the connection.
struct Connection: Sendable {
    let channel: any Channel

    /// Closes the connection without a response.
    ///
    /// - Parameter withReset: Whether to send a TCP reset instead of closing the connection in an orderly way.
    func close(withReset: Bool = false) async {
        if withReset {
            let option = linger(l_onoff: 1, l_linger: 0)
            try? await (self.channel as? any SocketOptionProvider)?.setSoLinger(option).get()
        }
        try? await self.channel.close().get()
    }

    /// Waits for a duration, but returns early if the peer disconnects, the server shuts down or the task is cancelled.
    func wait(for duration: Duration) async {
        let (disconnects, continuation) = AsyncStream.makeStream(of: Void.self)
        let handler = DisconnectHandler { continuation.finish() }
        let channel = self.channel
        // The handler must be the first in the pipeline, because other handlers do not forward disconnect events.
        _ = try? await channel.eventLoop
            .submit {
                try channel.pipeline.syncOperations.addHandler(handler, position: .first)
            }
            .get()
        await cancelWhenGracefulShutdown {
            await withTaskGroup { group in
                group.addTask { for await _ in disconnects {} }
                group.addTask { try? await Task.sleep(for: duration) }
                await group.next()
                group.cancelAll()
            }
        }
        _ = try? await channel.eventLoop
            .submit {
                channel.pipeline.syncOperations.removeHandler(handler, promise: nil)
            }
            .get()
    }
}

extension Connection {
    /// Replaces the `Date` header of the next response.
    ///
    /// The HTTP server sets the `Date` header itself, so the replacement happens after the server's handlers.
    func setDateOfNextResponse(to date: Date) async {
        let channel = self.channel
        let text = date.httpDate
        _ = try? await channel.eventLoop
            .submit {
                let pipeline = channel.pipeline.syncOperations
                let encoder = try pipeline.context(handlerType: HTTPResponseEncoder.self)
                try pipeline.addHandler(DateHandler(text: text), position: .after(encoder.handler))
            }
            .get()
    }
}

/// A handler that replaces the `Date` header of one response.
private final class DateHandler: ChannelOutboundHandler, RemovableChannelHandler, Sendable {
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let text: String

    init(text: String) {
        self.text = text
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .head(var head) = self.unwrapOutboundIn(data) else { return context.write(data, promise: promise) }
        head.headers.replaceOrAdd(name: "date", value: self.text)
        context.write(self.wrapOutboundOut(.head(head)), promise: promise)
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
    }
}

/// A handler that reports when the peer has disconnected or closed its sending side.
private final class DisconnectHandler: ChannelInboundHandler, RemovableChannelHandler, Sendable {
    typealias InboundIn = NIOAny

    private let onDisconnect: @Sendable () -> Void

    init(onDisconnect: @escaping @Sendable () -> Void) {
        self.onDisconnect = onDisconnect
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event as? ChannelEvent == .inputClosed { self.onDisconnect() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.onDisconnect()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.onDisconnect()
        context.fireErrorCaught(error)
    }
}
