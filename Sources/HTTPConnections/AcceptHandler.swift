// SPDX-License-Identifier: Apache-2.0

import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The first handler of a listening socket, which keeps the server running if there are no free file descriptors.
///
/// An error such as `EMFILE` would otherwise end the server. With this handler, the server closes idle connections, pauses, and
/// then accepts connections again. The handler also delays the closing of the listening socket while a new connection is being
/// set up.
final class AcceptHandler: ChannelDuplexHandler {
    typealias InboundIn = any Channel
    typealias InboundOut = any Channel
    typealias OutboundIn = Never
    typealias OutboundOut = Never

    private static let pause = TimeAmount.milliseconds(100)
    private static let reportInterval = TimeAmount.seconds(1)
    private static let recoverable: Set<CInt> = [ECONNABORTED, EMFILE, ENFILE, ENOBUFS, ENOMEM]

    private let connections: AcceptedConnections
    private let onExhaustion: @Sendable (any Error) -> Void
    private var isClosing = false
    private var isPaused = false
    private var lastReport: NIODeadline?

    init(_ connections: AcceptedConnections, onExhaustion: @escaping @Sendable (any Error) -> Void) {
        self.connections = connections
        self.onExhaustion = onExhaustion
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.connections.wasAccepted(self.unwrapInboundIn(data))
        context.fireChannelRead(data)
    }

    func read(context: ChannelHandlerContext) {
        guard !self.isClosing, !self.isPaused else { return }
        context.read()
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        self.isClosing = true
        let eventLoop = context.eventLoop
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: eventLoop)
        self.connections.whenSetUp {
            // The last handler forwards the connection in the current tick, before the server receives it.
            eventLoop.execute {
                let (handler, context) = bound.value
                // An earlier read may have accepted further connections.
                guard !handler.connections.isSettingUp else {
                    return handler.close(context: context, mode: mode, promise: promise)
                }
                context.close(mode: mode, promise: promise)
            }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let failure = error as? IOError, Self.recoverable.contains(failure.errnoCode) else {
            return context.fireErrorCaught(error)
        }
        self.report(failure, context.eventLoop.now)
        guard !self.isPaused else { return }
        self.isPaused = true
        // A connection that the client has aborted does not mean a lack of resources.
        if failure.errnoCode != ECONNABORTED { self.connections.setExhausted(true) }
        context.eventLoop.assumeIsolated()
            .scheduleTask(in: Self.pause) {
                self.isPaused = false
                self.connections.setExhausted(false)
                self.read(context: context)
            }
    }

    private func report(_ error: any Error, _ now: NIODeadline) {
        guard self.lastReport.map({ $0 + Self.reportInterval <= now }) ?? true else { return }
        self.lastReport = now
        self.onExhaustion(error)
    }
}

/// The last handler of a listening socket, which receives each connection after its setup.
final class SetUpHandler: ChannelInboundHandler {
    typealias InboundIn = any Channel
    typealias InboundOut = any Channel

    private let connections: AcceptedConnections

    init(_ connections: AcceptedConnections) { self.connections = connections }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.connections.wasSetUp(self.unwrapInboundIn(data))
        context.fireChannelRead(data)
    }
}
