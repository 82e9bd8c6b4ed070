// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import HummingbirdCore
package import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1

/// The requests and responses of one connection, for a task on the event loop of the connection.
package struct RequestConnection: ServerChildChannelValue {
    /// The maximum size of a response body that is written together with the head, in bytes.
    private static let maximumBufferedResponse = 65_536

    package let channel: any Channel
    let handler: NIOLoopBound<RequestHandler>
    let date: DateHeader

    /// Returns the next request, or `nil` after the last request.
    func next() async -> Request? {
        let handler = self.handler.value
        guard let request = handler.nextRequest() else { return await withCheckedContinuation { handler.wait($0) } }
        // A client can send thousands of requests at once, which must not delay the other connections of the event loop.
        await Task.yield()
        return request
    }

    /// Writes the response to the request that ``next()`` returned last, and waits while the client reads too slowly.
    ///
    /// If the body of the response fails, the method closes the connection.
    func write(_ response: Response) async {
        do {
            if let length = response.body.contentLength, (1...Self.maximumBufferedResponse).contains(length) {
                let body = BufferedBody()
                try await response.body.write(body)
                guard body.content.readableBytes == length else { throw ChannelError.inappropriateOperationForState }
                self.handler.value.write(response.head, body.content, date: self.date.value)
            } else {
                var head = HTTPResponseHead(response.head)
                head.headers.add(name: "Date", value: self.date.value)
                self.channel.writeAndFlush(HTTPServerResponsePart.head(head), promise: nil)
                try await response.body.write(StreamedBody(connection: self))
            }
            await self.waitUntilWritable()
        } catch {
            self.channel.close(promise: nil)
        }
    }

    /// Waits until the connection has few unsent bytes, or is closed.
    ///
    /// The guard of the connection limits the time. If the task is cancelled, the method closes the connection.
    fileprivate func waitUntilWritable() async {
        guard !self.channel.isWritable else { return }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                self.channel.eventLoop.execute { self.handler.value.waitUntilWritable(continuation) }
            }
        } onCancel: {
            self.channel.close(promise: nil)
        }
    }
}

/// A writer that keeps a small body in memory.
///
/// A class, because Hummingbird copies the writer.
private final class BufferedBody: ResponseBodyWriter {
    private(set) var content = ByteBuffer()

    func write(_ buffer: ByteBuffer) {
        if self.content.readableBytes == 0 { self.content = buffer } else { self.content.writeImmutableBuffer(buffer) }
    }

    func finish(_ trailingHeaders: HTTPFields?) {}
}

/// A writer that writes each part of a body to the connection, and waits while the client reads too slowly.
private struct StreamedBody: ResponseBodyWriter {
    let connection: RequestConnection

    func write(_ buffer: ByteBuffer) async throws {
        guard self.connection.channel.isActive else { throw ChannelError.ioOnClosedChannel }
        self.connection.channel.writeAndFlush(HTTPServerResponsePart.body(.byteBuffer(buffer)), promise: nil)
        await self.connection.waitUntilWritable()
    }

    func finish(_ trailingHeaders: HTTPFields?) {
        let end = HTTPServerResponsePart.end(trailingHeaders.map(HTTPHeaders.init))
        self.connection.channel.writeAndFlush(end, promise: nil)
    }
}
