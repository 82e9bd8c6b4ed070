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

    /// Bytes came, from which the decoder may make a request.
    func bytesArrived() {
        guard let context = self.context, self.phase == .nothing else { return }
        self.phase = .head
        self.setReadDeadline(context)
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
            if self.phase == .nothing { self.setReadDeadline(context) }
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
            case .head: self.timeouts.head
            case .body: self.timeouts.body
            case .nothing: self.requestsInProgress > 0 ? nil : self.timeouts.idle
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
final class ByteObserver: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let observer: ConnectionGuard

    init(_ observer: ConnectionGuard) {
        self.observer = observer
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.observer.bytesArrived()
        context.fireChannelRead(data)
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
