// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1

/// The last handler of a connection, which assembles requests and writes responses.
///
/// A request with a small body is passed on when it is complete. A larger body is passed on while it arrives, because it may
/// have any length. While a request waits for the response to an earlier request, the handler reads nothing more.
final class RequestHandler: ChannelDuplexHandler, RequestPartReceiver {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// The maximum size of a request body that is passed on with its head, in bytes.
    static let maximumBufferedBody = 4096

    /// The request that currently arrives with a small body.
    private var head: HTTPRequest?
    /// The part of the small body that has arrived.
    private var bytes: ByteBuffer?
    /// The large body that currently arrives.
    private var body: StreamedRequestBody?
    private var isBodyPaused = false
    /// The requests that wait for the responses to earlier requests.
    private var waiting = CircularBuffer<Request>()
    private var continuation: CheckedContinuation<Request?, Never>?
    private var writableContinuation: CheckedContinuation<Void, Never>?
    /// The number of requests that have begun, and that have no complete response.
    private var requestsInProgress = 0
    private var isReadDelayed = false
    /// Whether the client sends nothing more.
    private var hasInputEnded = false
    /// Whether the newest request is the last request of the connection.
    private var isLastRequest = false
    /// Whether the server shuts down, so that the connection ends after the current responses.
    private var isQuiescing = false
    private var context: ChannelHandlerContext?
    private let connectionGuard: ConnectionGuard

    init(_ connectionGuard: ConnectionGuard) { self.connectionGuard = connectionGuard }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        self.connectionGuard.receiver = self
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.connectionGuard.receiver = nil
        self.context = nil
        self.endInput()
        self.waiting.removeAll()
        self.writableContinuation.take()?.resume()
    }

    // MARK: Requests

    /// Returns the next request if it has already arrived.
    func nextRequest() -> Request? {
        guard let request = self.waiting.popFirst() else { return nil }
        self.readIfDelayed()
        return request
    }

    /// Resumes a continuation with the next request, or with `nil` after the last request.
    func wait(_ continuation: CheckedContinuation<Request?, Never>) {
        guard !self.hasInputEnded else { return continuation.resume(returning: nil) }
        self.continuation = continuation
    }

    /// Receives a part of a request from the ``ConnectionGuard``.
    func receive(_ part: HTTPServerRequestPart) {
        guard let context = self.context else { return }
        switch part {
        case .head(let head): self.begin(head, context)
        case .body(let bytes): self.append(bytes)
        case .end: self.endBody()
        }
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        self.requestsInProgress += 1
        self.isLastRequest = !head.isKeepAlive
        let request: HTTPRequest
        do {
            request = try HTTPRequest(parsed: head)
        } catch {
            return context.close(promise: nil)
        }
        guard head.hasBody(of: 1 + Self.maximumBufferedBody) else {
            self.head = request
            return
        }
        let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
        let (source, body) = StreamedRequestBody.make { [eventLoop = context.eventLoop] in
            eventLoop.execute { handler.value.resumeBody() }
        }
        self.body = source
        self.pass(Request(head: request, body: body))
    }

    private func append(_ bytes: ByteBuffer) {
        if let body = self.body {
            self.isBodyPaused = !body.append(bytes)
        } else if self.head != nil {
            var bytes = bytes
            self.bytes.setOrWriteBuffer(&bytes)
        }
    }

    private func endBody() {
        if let head = self.head.take() {
            self.pass(Request(head: head, body: RequestBody(buffer: self.bytes.take() ?? ByteBuffer())))
        }
        self.body.take()?.end()
        self.isBodyPaused = false
    }

    private func pass(_ request: Request) {
        guard let continuation = self.continuation.take() else { return self.waiting.append(request) }
        continuation.resume(returning: request)
    }

    /// Passes on the end of the input: no further request arrives, and an incomplete body fails.
    private func endInput() {
        self.hasInputEnded = true
        self.body.take()?.fail(ChannelError.eof)
        self.head = nil
        self.bytes = nil
        self.continuation.take()?.resume(returning: nil)
    }

    // MARK: Reading

    func read(context: ChannelHandlerContext) {
        guard self.waiting.isEmpty, !self.isBodyPaused else {
            self.isReadDelayed = true
            return
        }
        context.read()
    }

    private func resumeBody() {
        self.isBodyPaused = false
        self.readIfDelayed()
    }

    private func readIfDelayed() {
        guard self.isReadDelayed, let context = self.context else { return }
        self.isReadDelayed = false
        self.read(context: context)
    }

    // MARK: Responses

    /// Resumes a continuation when the connection has few unsent bytes, or when it is closed.
    func waitUntilWritable(_ continuation: CheckedContinuation<Void, Never>) {
        guard let context = self.context, context.channel.isActive, !context.channel.isWritable else {
            return continuation.resume()
        }
        self.writableContinuation = continuation
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { self.writableContinuation.take()?.resume() }
        context.fireChannelWritabilityChanged()
    }

    /// Writes a complete response.
    ///
    /// - Parameters:
    ///   - response: The head, whose header fields declare the length of the body.
    ///   - body: The body.
    ///   - date: The value of the header `Date`.
    func write(_ response: HTTPResponse, _ body: ByteBuffer, date: String) {
        guard let context = self.context else { return }
        let promise = self.endResponse(context, nil)
        self.connectionGuard.writeResponse(promise) { ByteBuffer(response, body, date: date, isLast: $0) }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .end = self.unwrapOutboundIn(data) else { return context.write(data, promise: promise) }
        context.write(data, promise: self.endResponse(context, promise))
    }

    /// Records the end of a response, and returns the promise for its last bytes.
    ///
    /// If this response is the last response, the connection ends when the promise is completed.
    private func endResponse(
        _ context: ChannelHandlerContext,
        _ promise: EventLoopPromise<Void>?
    ) -> EventLoopPromise<Void>? {
        self.requestsInProgress -= 1
        guard self.requestsInProgress == 0, self.isLastRequest || self.isQuiescing || self.hasInputEnded else {
            return promise
        }
        // If the channel is closed too early, the rest of the response is lost.
        let written = promise ?? context.eventLoop.makePromise()
        written.futureResult.assumeIsolated().whenComplete { _ in self.close(context) }
        return written
    }

    /// Closes the connection after the last response.
    ///
    /// If the client still sends, only the output is closed, so that the client can read the response.
    private func close(_ context: ChannelHandlerContext) {
        context.close(mode: self.hasInputEnded || self.isQuiescing ? .all : .output, promise: nil)
    }

    // MARK: The end of the connection

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent {
            self.isQuiescing = true
            if self.requestsInProgress == 0 { context.close(promise: nil) }
        } else if case .inputClosed? = event as? ChannelEvent {
            self.endInput()
            if self.requestsInProgress == 0 { self.connectionGuard.closeAfterWrites() }
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func channelInactive(context: ChannelHandlerContext) {
        self.endInput()
        self.writableContinuation.take()?.resume()
        context.fireChannelInactive()
    }
}

extension HTTPRequestHead {
    /// Whether the body must be passed on while it arrives.
    ///
    /// The result is `true` if `Content-Length` declares at least `size` bytes. With `Transfer-Encoding`, the result is `true`
    /// because the length is unknown. With `Expect`, the result is `true` because the body may never arrive. Otherwise, the
    /// body is smaller or missing, and the result is `false`.
    fileprivate func hasBody(of size: Int) -> Bool {
        // With `Expect: 100-continue`, the client sends the body only after a response, or after a delay.
        if self.headers.contains(name: "transfer-encoding") || self.headers.contains(name: "expect") { return true }
        guard let length = self.headers.first(name: "content-length") else { return false }
        return Int(length).map { $0 >= size } ?? true
    }
}

extension HTTPRequest {
    /// Creates a request from a parsed head.
    ///
    /// - Throws: An error if the method or the target is invalid.
    fileprivate init(parsed head: HTTPRequestHead) throws {
        // The library parses each target as a URL, which costs more than the rest of the conversion.
        guard head.uri.utf8.first == UInt8(ascii: "/") else {
            self = try HTTPRequest(head, secure: false, splitCookie: false)
            return
        }
        self.init(
            method: try Method(head.method),
            scheme: "http",
            authority: head.headers.first(name: "host"),
            path: head.uri,
            headerFields: HTTPFields(head.headers, splitCookie: false)
        )
    }
}
