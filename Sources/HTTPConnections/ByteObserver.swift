// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// A handler that reports incoming bytes to a ``ConnectionGuard`` before they are decoded.
///
/// Bytes after the last request of a connection are dropped, up to a maximum number. Bytes that are only line breaks are not
/// reported, because they do not start a request (RFC 9112, section 2.2).
final class ByteObserver: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// The maximum number of dropped bytes, after which the connection is closed.
    static let maximumDroppedBytes = 65_536

    private static let contentLengthName = Array("content-length:".utf8)

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
        let startsRequest = self.observer.isBetweenRequests
        self.observer.bytesArrived(bytes)
        // Otherwise, the last byte is decoded separately, because it can belong to the current request or start the next.
        let isOneRequest = startsRequest && buffer.withUnsafeReadableBytes(Self.belongToOneRequest)
        guard !isOneRequest, last > bytes.startIndex, let first = buffer.readSlice(length: last - bytes.startIndex)
        else {
            return context.fireChannelRead(data)
        }
        context.fireChannelRead(self.wrapInboundOut(first))
        guard self.observer.isReading else { return }
        self.observer.bytesArrived(buffer.readableBytesView)
        context.fireChannelRead(self.wrapInboundOut(buffer))
    }

    /// Returns whether all bytes belong to the request that begins with the first byte.
    ///
    /// The result is only used to save work. After a wrong result, the next request has a wrong timeout until its next byte
    /// arrives. If the bytes contain a part of a chunked body, the result is `false`.
    private static func belongToOneRequest(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var start = bytes.startIndex
        var length = 0
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            let line = bytes[start..<end]
            guard line.count > 1 else { return end + 1 + length >= bytes.endIndex }
            length = self.contentLength(line) ?? length
            start = end + 1
        }
        return true
    }

    /// Returns the value of a header field `Content-Length`; `nil` for another field.
    private static func contentLength(_ line: Slice<UnsafeRawBufferPointer>) -> Int? {
        let name = Self.contentLengthName
        guard line.count > name.count else { return nil }
        // The bit 0x20 distinguishes lower case from upper case.
        for (byte, letter) in zip(line, name) where byte | 0x20 != letter { return nil }
        return line.dropFirst(name.count).filter { (0x30...0x39).contains($0) }
            .reduce(0) { min($0 * 10 + Int($1 - 0x30), Int(Int32.max)) }
    }

    private func drop(_ count: Int, _ context: ChannelHandlerContext) {
        self.droppedBytes += count
        if self.droppedBytes > Self.maximumDroppedBytes { context.close(promise: nil) }
    }
}
