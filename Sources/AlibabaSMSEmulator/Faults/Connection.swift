import FoundationEssentials
import NIOCore
import NIOHTTP1
import ServiceLifecycle

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The connection was closed, so there is nobody to answer.
struct ConnectionCut: Error {}

/// The connection of a request, which faults break.
struct Connection: Sendable {
    let channel: any Channel

    /// Closes the connection without an answer.
    ///
    /// - Parameter withReset: Whether the peer gets a reset rather than an end.
    func cut(withReset: Bool = false) async {
        if withReset {
            let option = linger(l_onoff: 1, l_linger: 0)
            try? await (self.channel as? any SocketOptionProvider)?.setSoLinger(option).get()
        }
        try? await self.channel.close().get()
    }

    /// Waits for some time, or until the peer goes away, the server ends or the task is cancelled.
    func pause(for duration: Duration) async {
        let (departures, continuation) = AsyncStream.makeStream(of: Void.self)
        let handler = DepartureHandler { continuation.finish() }
        let channel = self.channel
        // It has to stand in front of the handlers that keep such news to themselves.
        _ = try? await channel.eventLoop
            .submit {
                try channel.pipeline.syncOperations.addHandler(handler, position: .first)
            }
            .get()
        await cancelWhenGracefulShutdown {
            await withTaskGroup { group in
                group.addTask { for await _ in departures {} }
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
    /// Has the next answer say that it is another time.
    ///
    /// The HTTP server overwrites the header that an answer has, so this is done behind it.
    func answer(at date: Date) async {
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

/// Replaces the date of one answer.
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

/// Tells when the peer has gone, or will send nothing more.
private final class DepartureHandler: ChannelInboundHandler, RemovableChannelHandler, Sendable {
    typealias InboundIn = NIOAny

    private let onDeparture: @Sendable () -> Void

    init(onDeparture: @escaping @Sendable () -> Void) {
        self.onDeparture = onDeparture
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event as? ChannelEvent == .inputClosed { self.onDeparture() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.onDeparture()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.onDeparture()
        context.fireErrorCaught(error)
    }
}
