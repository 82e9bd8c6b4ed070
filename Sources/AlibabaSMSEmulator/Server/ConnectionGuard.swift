import NIOCore
import NIOHTTP1

/// Closes a connection whose client is too slow, and refuses a request that is not for exactly one host.
///
/// A handler in front of the decoder reports when bytes come; this one, behind it, sees requests and responses.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// The part of a request that is being read.
    private enum Phase { case nothing, head, body }

    private let timeouts: ConnectionTimeouts
    private var phase = Phase.nothing
    private var requestsInProgress = 0
    private var responseHasBegun = false
    private var isClosing = false
    private var isUnreadable = false
    private var readDeadline: NIODeadline?
    private var writeDeadline: NIODeadline?
    private var timer: (task: Scheduled<Void>, deadline: NIODeadline)?
    private var context: ChannelHandlerContext?

    init(_ timeouts: ConnectionTimeouts) {
        self.timeouts = timeouts
    }

    // MARK: What happens

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        self.setReadDeadline(context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.timer?.task.cancel()
        self.timer = nil
        self.context = nil
    }

    /// Whether the decoder makes requests of bytes that come.
    var isReading: Bool { self.context != nil && !self.isClosing && !self.isUnreadable }

    /// Bytes other than line breaks came: they belong to the request that is being read, or begin the next one.
    func bytesArrived() {
        guard let context = self.context, self.phase == .nothing else { return }
        self.phase = .head
        self.setReadDeadline(context)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // The decoder reports the rest of a request that was refused as a fault of the client.
        guard !self.isClosing else { return }
        self.isUnreadable = true
        context.fireErrorCaught(error)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !self.isClosing else { return }
        switch self.unwrapInboundIn(data) {
        case .head(let head):
            self.phase = .body
            self.requestsInProgress += 1
            guard RequestHeadCheck.namesOneHost(head) else { return self.refuse(.badRequest, context) }
            self.setReadDeadline(context)
        case .body: break
        case .end:
            self.phase = .nothing
            self.setReadDeadline(context)
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard !self.isClosing else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        switch self.unwrapOutboundIn(data) {
        case .head(let head): self.responseHasBegun = head.status.code >= 200
        case .body: break
        case .end:
            self.requestsInProgress -= 1
            self.responseHasBegun = false
            if self.phase != .body { self.setReadDeadline(context) }
        }
        context.write(data, promise: promise)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        self.writeDeadline =
            context.channel.isWritable ? nil : context.eventLoop.now.advanced(by: self.timeouts.write)
        self.schedule(context)
        context.fireChannelWritabilityChanged()
    }

    // MARK: Deadlines

    private func setReadDeadline(_ context: ChannelHandlerContext) {
        let timeout: Duration? =
            switch self.phase {
            case .body: self.timeouts.body
            // A response in progress is not cut off because the next head is slow.
            case _ where self.requestsInProgress > 0: nil
            case .head: self.timeouts.head
            case .nothing: self.timeouts.idle
            }
        self.readDeadline = timeout.map { context.eventLoop.now.advanced(by: $0) }
        self.schedule(context)
    }

    /// Sees to it that the timer fires no later than the next deadline.
    ///
    /// A timer that fires too early is set again, so that a request does not cost a timer.
    private func schedule(_ context: ChannelHandlerContext) {
        guard let next = [self.readDeadline, self.writeDeadline].compactMap({ $0 }).min() else { return }
        if let timer = self.timer {
            guard next < timer.deadline else { return }
            timer.task.cancel()
        }
        let task = context.eventLoop.assumeIsolated().scheduleTask(deadline: next) { self.fire() }
        self.timer = (task, next)
    }

    private func fire() {
        self.timer = nil
        guard let context = self.context, !self.isClosing else { return }
        let now = context.eventLoop.now
        if let deadline = self.writeDeadline, deadline <= now { return self.close(context) }
        guard let deadline = self.readDeadline, deadline <= now else { return self.schedule(context) }
        let earlierRequests = self.requestsInProgress - (self.phase == .body ? 1 : 0)
        guard self.phase != .nothing, !self.responseHasBegun, earlierRequests == 0 else { return self.close(context) }
        self.refuse(.requestTimeout, context)
    }

    // MARK: The end

    /// Answers instead of the server and closes; whatever the server writes is dropped.
    private func refuse(_ status: HTTPResponseStatus, _ context: ChannelHandlerContext) {
        guard !self.responseHasBegun else { return self.close(context) }
        let head = HTTPResponseHead(
            version: .http1_1,
            status: status,
            headers: ["connection": "close", "content-length": "0"]
        )
        context.write(self.wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(self.wrapOutboundOut(.end(nil)), promise: nil)
        self.close(context)
    }

    private func close(_ context: ChannelHandlerContext) {
        self.isClosing = true
        context.close(promise: nil)
    }
}

/// Reports bytes before the decoder has made anything of them.
///
/// Line breaks before a request line are ignored (RFC 9112, section 2.2), so they begin no head.
final class ByteObserver: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let observer: ConnectionGuard

    init(_ observer: ConnectionGuard) {
        self.observer = observer
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = self.unwrapInboundIn(data)
        let bytes = buffer.readableBytesView
        guard let last = bytes.lastIndex(where: { $0 != UInt8(ascii: "\r") && $0 != UInt8(ascii: "\n") }) else {
            return context.fireChannelRead(data)
        }
        self.observer.bytesArrived()
        // Decoded in two steps: if a request ends before the last byte, that byte belongs to the next one.
        guard last > bytes.startIndex, let first = buffer.readSlice(length: last - bytes.startIndex) else {
            return context.fireChannelRead(data)
        }
        context.fireChannelRead(self.wrapInboundOut(first))
        guard self.observer.isReading else { return }
        self.observer.bytesArrived()
        context.fireChannelRead(self.wrapInboundOut(buffer))
    }
}

extension ConnectionGuard {
    /// Puts the guard and its observer around the request decoder of a channel.
    ///
    /// - Parameters:
    ///   - timeouts: How long the client may take.
    ///   - channel: A channel whose pipeline is that of an HTTP server, on its event loop.
    /// - Throws: An error if the pipeline has no request decoder.
    static func add(_ timeouts: ConnectionTimeouts, to channel: any Channel) throws {
        let pipeline = channel.pipeline.syncOperations
        let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
        let connectionGuard = ConnectionGuard(timeouts)
        try pipeline.addHandler(connectionGuard, position: .after(decoder))
        try pipeline.addHandler(ByteObserver(connectionGuard), position: .first)
    }
}
