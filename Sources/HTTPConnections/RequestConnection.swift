// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import HummingbirdCore
package import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1

/// The requests and responses of one connection, for a task on the event loop of the connection.
package struct RequestConnection: ServerChildChannelValue {
    /// The maximum size of a response body that is written together with the head, in bytes.
    private static let maximumBufferedBody = 65_536

    package let channel: any Channel
    let handler: NIOLoopBound<RequestHandler>

    /// Returns the next request, or `nil` after the last request.
    func next() async -> Request? {
        let handler = self.handler.value
        if let request = handler.nextRequest() { return request }
        return await withCheckedContinuation { handler.wait($0) }
    }

    /// Writes the response to the request that ``next()`` returned last.
    ///
    /// If the body of the response fails, the method closes the connection.
    func write(_ response: Response) async {
        do {
            if let length = response.body.contentLength, (1...Self.maximumBufferedBody).contains(length) {
                let body = BufferedBody()
                try await response.body.write(body)
                self.handler.value.write(response.head, body.content)
            } else {
                self.channel.write(HTTPServerResponsePart.head(HTTPResponseHead(response.head)), promise: nil)
                try await response.body.write(StreamedBody(channel: self.channel))
            }
        } catch {
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

/// A writer that writes each part of a body to the connection, and waits until the system has accepted the part.
private struct StreamedBody: ResponseBodyWriter {
    let channel: any Channel

    func write(_ buffer: ByteBuffer) async throws {
        try await self.channel.writeAndFlush(HTTPServerResponsePart.body(.byteBuffer(buffer)))
    }

    func finish(_ trailingHeaders: HTTPFields?) async throws {
        try await self.channel.writeAndFlush(HTTPServerResponsePart.end(trailingHeaders.map(HTTPHeaders.init)))
    }
}
