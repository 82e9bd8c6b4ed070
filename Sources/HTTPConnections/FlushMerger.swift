// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// A handler that merges the flushes of one event-loop tick, so that a response needs only one system call.
///
/// `NIOAsyncChannel` flushes after every part of a response. This handler must be the first handler of the pipeline. It delays
/// the flush to the end of the tick.
final class FlushMerger: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var mustFlush = false
    private var context: ChannelHandlerContext?

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.flushNow()
        self.context = nil
    }

    func flush(context: ChannelHandlerContext) {
        guard !self.mustFlush else { return }
        self.mustFlush = true
        context.eventLoop.assumeIsolated().execute { self.flushNow() }
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        // Closing a channel fails all writes without a flush.
        self.flushNow()
        context.close(mode: mode, promise: promise)
    }

    private func flushNow() {
        guard self.mustFlush, let context = self.context else { return }
        self.mustFlush = false
        context.flush()
    }
}
