// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// A handler that reports incoming bytes to a ``ConnectionGuard`` before they are decoded.
///
/// Bytes after the last request of a connection are dropped, up to a maximum number. Line breaks before a request are not
/// reported, because they do not start a request (RFC 9112, section 2.2).
final class ByteObserver: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// The maximum number of dropped bytes, after which the connection is closed.
    static let maximumDroppedBytes = 65_536

    private let observer: ConnectionGuard
    private var droppedBytes = 0

    init(_ observer: ConnectionGuard) {
        self.observer = observer
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = self.unwrapInboundIn(data)
        guard self.observer.isReading else { return self.drop(buffer.readableBytes, context) }
        let bytes = buffer.readableBytesView
        guard let last = bytes.lastIndex(where: { $0 != UInt8(ascii: "\r") && $0 != UInt8(ascii: "\n") }) else {
            return context.fireChannelRead(data)
        }
        self.observer.bytesArrived()
        // The last byte is decoded separately, because it can belong to the current request or start the next request.
        guard last > bytes.startIndex, let first = buffer.readSlice(length: last - bytes.startIndex) else {
            return context.fireChannelRead(data)
        }
        context.fireChannelRead(self.wrapInboundOut(first))
        guard self.observer.isReading else { return }
        self.observer.bytesArrived()
        context.fireChannelRead(self.wrapInboundOut(buffer))
    }

    private func drop(_ count: Int, _ context: ChannelHandlerContext) {
        self.droppedBytes += count
        if self.droppedBytes > Self.maximumDroppedBytes { context.close(promise: nil) }
    }
}
