// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1

/// A handler that closes the connections of slow clients, and rejects malformed requests.
///
/// A request is also rejected if it does not name exactly one host, or if its length is unclear. The handler is placed after
/// the decoder. A ``ByteObserver`` before the decoder reports incoming bytes to this handler.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// The part of a request that the client is currently sending.
    private enum Phase { case idle, head, body }

    private let rules: ConnectionRules
    private var phase = Phase.idle
    private var requestsInProgress = 0
    private var responseHasBegun = false
    private var isClosing = false
    private var isUnreadable = false
    /// Whether the connection ends after the response to the newest request.
    private var isLastRequest = false
    /// Whether the connection is closed after the current response to make room for another connection.
    private var isLeaving = false
    /// Whether the request that is being read has the method `HEAD`.
    ///
    /// Until the head is decoded, the value is `false` if the method was not at the beginning of a segment, for example in a
    /// pipelined request. The rejection of such a request has a body, which the client ignores when the connection is closed.
    private var isHeadRequest = false
    /// The status of a rejection that must wait for earlier responses.
    private var pendingRejection: HTTPResponseStatus?
    private var readDeadline: NIODeadline?
    private var writeDeadline: NIODeadline?
    private var timer: (task: Scheduled<Void>, deadline: NIODeadline)?
    private var context: ChannelHandlerContext?
    /// The context of the first handler, for bytes that bypass the HTTP encoder.
    private var bytesContext: ChannelHandlerContext?
    /// The object that receives the parts of requests; `nil` to pass them to the next handler.
    ///
    /// Handlers between the guard and this object receive no parts.
    var receiver: (any RequestPartReceiver)?
    private let idleList: IdleList?
    private let isFull: () -> Bool
    private var idleEntry: IdleList.Entry?

    init(_ rules: ConnectionRules, idle: IdleList? = nil, isFull: @escaping () -> Bool = { false }) {
        self.rules = rules
        self.idleList = idle
        self.isFull = isFull
    }

    // MARK: Channel events

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        self.idleEntry = IdleList.Entry { [unowned self] in self.closeIfIdle() }
        self.setReadDeadline(context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.timer?.task.cancel()
        self.timer = nil
        self.context = nil
        self.bytesContext = nil
        if let entry = self.idleEntry { self.idleList?.remove(entry) }
    }

    /// Whether incoming bytes are still decoded.
    var isReading: Bool { self.context != nil && !self.isClosing && !self.isUnreadable }

    /// Whether no request is currently read.
    var isBetweenRequests: Bool { self.phase == .idle }

    /// Records the arrival of bytes that are not only line breaks.
    ///
    /// If no request is being read, these bytes start a request. Line breaks can precede the request.
    func bytesArrived(_ bytes: ByteBufferView) {
        guard let context = self.context, self.phase == .idle else { return }
        self.phase = .head
        self.isHeadRequest = RequestHeadCheck.startsHeadRequest(bytes)
        self.setReadDeadline(context)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // After a rejection, the decoder also fails on the rest of the request.
        guard !self.isClosing else { return }
        guard let error = error as? HTTPParserError else { return context.fireErrorCaught(error) }
        guard !self.isUnreadable else { return }
        let status: HTTPResponseStatus =
            if case .headerOverflow = error { .requestHeaderFieldsTooLarge } else { .badRequest }
        self.rejectInTurn(status, context)
    }

    /// The number of complete requests without a complete response.
    private var earlierRequests: Int { self.requestsInProgress - (self.phase == .body ? 1 : 0) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !self.isClosing, !self.isUnreadable else { return }
        let part = self.unwrapInboundIn(data)
        switch part {
        case .head(var head):
            self.phase = .body
            self.requestsInProgress += 1
            self.isHeadRequest = head.method == .HEAD
            guard RequestHeadCheck.hasComparableText(head), RequestHeadCheck.namesOneHost(head),
                RequestHeadCheck.hasClearLength(head)
            else {
                return self.rejectInTurn(.badRequest, context)
            }
            self.setReadDeadline(context)
            guard RequestHeadCheck.isLast(head) else { break }
            self.isLastRequest = true
            head.headers.replaceOrAdd(name: "connection", value: "close")
            return self.pass(.head(head), context)
        case .body: break
        case .end:
            self.phase = .idle
            self.isHeadRequest = false
            // Without this flag, the decoder would buffer any number of later bytes.
            self.isUnreadable = self.isLastRequest
            self.setReadDeadline(context)
        }
        self.pass(part, context)
    }

    private func pass(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
        guard let receiver = self.receiver else { return context.fireChannelRead(self.wrapInboundOut(part)) }
        receiver.receive(part)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard !self.isClosing else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        switch self.unwrapOutboundIn(data) {
        case .head(var head):
            guard head.status.code >= 200, self.beginResponse() else { return context.write(data, promise: promise) }
            head.headers.replaceOrAdd(name: "connection", value: "close")
            context.write(self.wrapOutboundOut(.head(head)), promise: promise)
        case .body: context.write(data, promise: promise)
        case .end: self.endResponse(context, promise) { context.write(data, promise: $0) }
        }
    }

    /// Writes a complete response as bytes, without the HTTP encoder of the pipeline.
    ///
    /// - Parameters:
    ///   - promise: Completed when the response is written.
    ///   - encode: Returns the bytes of the response. The argument is whether the connection ends after the response.
    func writeResponse(_ promise: EventLoopPromise<Void>?, _ encode: (_ isLast: Bool) -> ByteBuffer) {
        guard let context = self.context, let bytesContext = self.bytesContext, !self.isClosing else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        let bytes = encode(self.beginResponse())
        self.endResponse(context, promise) { bytesContext.write(NIOAny(bytes), promise: $0) }
        bytesContext.flush()
    }

    /// Records the beginning of a response, and returns whether the connection ends after the response.
    private func beginResponse() -> Bool {
        self.responseHasBegun = true
        if self.isOneTooMany(with: 1) { self.leave() }
        return self.isLastRequest && self.requestsInProgress == 1
    }

    /// Records and writes the end of a response, and then performs the rejection or the close that had to wait for this end.
    private func endResponse(
        _ context: ChannelHandlerContext,
        _ promise: EventLoopPromise<Void>?,
        _ write: (EventLoopPromise<Void>?) -> Void
    ) {
        let setsDeadline = self.phase != .body || self.earlierRequests > 0
        self.requestsInProgress -= 1
        self.responseHasBegun = false
        // The deadline of a body that has already begun must not be extended.
        if setsDeadline { self.setReadDeadline(context) }
        if let status = self.pendingRejection, self.earlierRequests <= 0 {
            write(promise)
            return self.reject(status, context)
        }
        guard self.isLeaving || self.isOneTooMany(with: 0) else { return write(promise) }
        // If the channel is closed too early, the rest of the response is lost.
        let written = promise ?? context.eventLoop.makePromise()
        written.futureResult.assumeIsolated().whenComplete { _ in self.closeIfIdle() }
        write(written)
    }

    /// Returns whether to close this connection to make room for new connections.
    ///
    /// - Parameter count: The required number of requests in progress: 1 at the beginning of a response, 0 after its end.
    /// - Returns: `true` if the server is full, the last search found no idle connection on this event loop, and this
    ///   connection has no request except the request whose response is being written.
    private func isOneTooMany(with count: Int) -> Bool {
        guard let idleList = self.idleList, idleList.owesRoom else { return false }
        return self.phase == .idle && self.requestsInProgress == count && self.isFull()
    }

    /// Makes the current response the last response, and announces this to the client.
    private func leave() {
        self.isLeaving = true
        self.isLastRequest = true
        self.isUnreadable = true
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        // A cancelled server closes only the input. NIO does not allow this before the connection is registered.
        context.close(mode: mode == .input && !context.channel.isActive ? .all : mode, promise: promise)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        self.writeDeadline =
            context.channel.isWritable ? nil : context.eventLoop.now.advanced(by: self.rules.write)
        self.schedule(context)
        context.fireChannelWritabilityChanged()
    }

    // MARK: Deadlines

    private func setReadDeadline(_ context: ChannelHandlerContext) {
        let timeout: Duration? =
            switch self.phase {
            // A slow pipelined request must not interrupt the current response. The server may have stopped reading it.
            case _ where self.earlierRequests > 0: nil
            case .body: self.rules.body
            case .head: self.rules.head
            case .idle: self.rules.idle
            }
        self.readDeadline = timeout.map { context.eventLoop.now.advanced(by: $0) }
        self.schedule(context)
        guard let idleList = self.idleList, let entry = self.idleEntry else { return }
        if self.isIdle { idleList.append(entry) } else { idleList.remove(entry) }
    }

    /// Whether the connection is open without a request in progress.
    private var isIdle: Bool { self.phase == .idle && self.requestsInProgress <= 0 && !self.isClosing }

    /// Closes the connection, unless a request has begun.
    private func closeIfIdle() {
        guard let context = self.context, self.isIdle else { return }
        self.close(context)
    }

    /// Schedules the timer for the next deadline.
    ///
    /// If a timer with an earlier deadline exists, the method keeps this timer. When the timer fires, it is scheduled again.
    /// The connection therefore needs no new timer for each request.
    private func schedule(_ context: ChannelHandlerContext) {
        let next = min(self.readDeadline ?? .distantFuture, self.writeDeadline ?? .distantFuture)
        guard next < .distantFuture else { return }
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
        guard self.phase != .idle, !self.responseHasBegun, self.earlierRequests == 0 else { return self.close(context) }
        self.reject(.requestTimeout, context)
    }

    // MARK: Closing

    /// Rejects the current request after all earlier responses, and ignores later bytes.
    private func rejectInTurn(_ status: HTTPResponseStatus, _ context: ChannelHandlerContext) {
        self.isUnreadable = true
        guard self.earlierRequests > 0 else { return self.reject(status, context) }
        self.pendingRejection = status
    }

    /// Sends an error response, closes the connection, and drops later writes of the server.
    private func reject(_ status: HTTPResponseStatus, _ context: ChannelHandlerContext) {
        // The server may have responded before the end of a body. A second response could be read as that of another request.
        guard !self.responseHasBegun, self.earlierRequests >= 0 else { return self.close(context) }
        let (mediaType, body) = self.rules.rejection(status)
        var headers: HTTPHeaders = ["connection": "close", "content-length": "\(body.count)"]
        if let mediaType {
            headers.add(name: "content-type", value: mediaType)
            headers.add(name: "cache-control", value: "no-store")
        }
        let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
        context.write(self.wrapOutboundOut(.head(head)), promise: nil)
        // The response to a HEAD request declares the length of a body, but has no body (RFC 9110, section 9.3.2).
        if !body.isEmpty, !self.isHeadRequest {
            context.write(self.wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil)
        }
        context.writeAndFlush(self.wrapOutboundOut(.end(nil)), promise: nil)
        self.close(context)
    }

    /// Closes the connection when all bytes are written.
    func closeAfterWrites() {
        guard let context = self.context, let bytesContext = self.bytesContext else { return }
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { _ in self.closeIfIdle() }
        bytesContext.writeAndFlush(NIOAny(ByteBuffer()), promise: written)
    }

    private func close(_ context: ChannelHandlerContext) {
        self.isClosing = true
        context.close(promise: nil)
    }
}

/// An object that receives the parts of requests from a ``ConnectionGuard``.
///
/// A direct call takes about a third of the time of an event in the pipeline.
protocol RequestPartReceiver: AnyObject {
    func receive(_ part: HTTPServerRequestPart)
}

extension ConnectionGuard {
    /// The requested size of the send buffer of the kernel, in bytes.
    ///
    /// Without this size, Linux lets the buffer grow to several megabytes for a client that does not read its responses.
    static let sendBufferSize = 65_536

    /// Adds a guard and its observer to a channel, around the request decoder.
    ///
    /// - Parameters:
    ///   - rules: The timeouts and limits of the connection.
    ///   - idle: The list of idle connections; `nil` for no such list.
    ///   - isFull: Returns whether the server can accept a connection only after another connection is closed.
    ///   - channel: A channel with an HTTP server pipeline. The caller must be on its event loop.
    /// - Returns: The guard.
    /// - Throws: An error if the pipeline has no request decoder.
    @discardableResult
    static func add(
        _ rules: ConnectionRules,
        idle: IdleList? = nil,
        isFull: @escaping () -> Bool = { false },
        to channel: any Channel
    ) throws -> ConnectionGuard {
        let pipeline = channel.pipeline.syncOperations
        let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
        let connectionGuard = ConnectionGuard(rules, idle: idle, isFull: isFull)
        try pipeline.addHandler(connectionGuard, position: .after(decoder))
        let observer = ByteObserver(connectionGuard)
        try pipeline.addHandler(observer, position: .first)
        connectionGuard.bytesContext = try pipeline.context(handler: observer)
        // The limit only saves memory. On Darwin, the call fails if the client has already reset the connection.
        try? channel.syncOptions?.setOption(.socketOption(.so_sndbuf), value: Self.sendBufferSize)
        return connectionGuard
    }
}
