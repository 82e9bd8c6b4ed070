// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import HTTPConnections

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif
/// Tests of the time from the acceptance of a connection to its handling.
@Suite struct AcceptedConnectionsTests {
    /// Delays accepted connections like the setup of a real pipeline, and counts reads and errors.
    private final class Holder: ChannelDuplexHandler {
        typealias InboundIn = any Channel
        typealias OutboundIn = Never

        var held: [NIOAny] = []
        var errors = 0
        var context: ChannelHandlerContext?

        func handlerAdded(context: ChannelHandlerContext) { self.context = context }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) { self.held.append(data) }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { self.errors += 1 }

        func release() {
            for data in self.held { self.context?.fireChannelRead(data) }
            self.held = []
        }
    }

    /// Counts the reads that reach the socket.
    private final class ReadCounter: ChannelOutboundHandler {
        typealias OutboundIn = Never

        var count = 0

        func read(context: ChannelHandlerContext) { self.count += 1 }
    }

    private final class Reports: Sendable { let count = Mutex(0) }

    private let listener = EmbeddedChannel()
    private let accepted: AcceptedConnections
    private let holder = Holder()
    private let reads = ReadCounter()
    private let reports = Reports()

    init() throws {
        self.accepted = AcceptedConnections(on: self.listener.embeddedEventLoop)
        let pipeline = self.listener.pipeline.syncOperations
        try pipeline.addHandler(self.holder)
        try self.accepted.addHandlers(to: self.listener) { [reports = self.reports] _ in
            reports.count.withLock { $0 += 1 }
        }
        try pipeline.addHandler(self.reads, position: .first)
        try self.listener.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    /// Closes the listener, which takes one event-loop tick.
    private func close() {
        self.listener.close(promise: nil)
        self.listener.embeddedEventLoop.run()
    }

    private func accept() -> EmbeddedChannel {
        let connection = EmbeddedChannel(loop: self.listener.embeddedEventLoop)
        self.listener.pipeline.fireChannelRead(connection as any Channel)
        return connection
    }

    @Test func theListenerIsClosedAfterTheSetUpOfAcceptedConnections() throws {
        let connections = [self.accept(), self.accept()]
        #expect(self.holder.held.count == 2)
        self.listener.close(promise: nil)
        self.listener.close(promise: nil)
        self.listener.embeddedEventLoop.run()
        #expect(self.listener.isActive)
        self.holder.release()
        self.listener.embeddedEventLoop.run()
        #expect(!self.listener.isActive)
        for connection in connections { _ = try connection.finish() }
    }

    @Test func aConnectionThatIsAcceptedLateDelaysTheEnd() throws {
        self.listener.close(promise: nil)
        let connection = self.accept()
        self.listener.embeddedEventLoop.run()
        #expect(self.listener.isActive)
        self.holder.release()
        self.listener.embeddedEventLoop.run()
        #expect(!self.listener.isActive)
        _ = try connection.finish()
    }

    @Test func aConnectionWhoseSetUpFailsDelaysNothing() throws {
        let connection = self.accept()
        self.listener.close(promise: nil)
        self.listener.embeddedEventLoop.run()
        #expect(self.listener.isActive)
        _ = try connection.finish(acceptAlreadyClosed: true)
        self.listener.embeddedEventLoop.run()
        #expect(!self.listener.isActive)
    }

    @Test func theServerStopsAfterTheLastAcceptedConnectionIsHandled() throws {
        let stops = Reports()
        let connection = self.accept()
        self.holder.release()
        self.accepted.stop { stops.count.withLock { $0 += 1 } }
        self.listener.embeddedEventLoop.run()
        #expect(!self.listener.isActive)
        // The connection is closed by its client, and still waits for its handler.
        _ = try connection.finish(acceptAlreadyClosed: true)
        #expect(stops.count.withLock { $0 } == 0)
        self.accepted.isHandled(connection)
        #expect(stops.count.withLock { $0 } == 1)
    }

    @Test func aServerThatDoesNotListenStopsImmediately() {
        let stops = Reports()
        AcceptedConnections(on: self.listener.embeddedEventLoop).stop { stops.count.withLock { $0 += 1 } }
        #expect(stops.count.withLock { $0 } == 1)
        self.close()
    }

    @Test func aLackOfDescriptorsPausesTheListener() {
        self.listener.pipeline.fireErrorCaught(IOError(errnoCode: EMFILE, reason: "accept"))
        self.listener.pipeline.fireErrorCaught(IOError(errnoCode: EMFILE, reason: "accept"))
        let before = self.reads.count
        self.listener.read()
        #expect(self.reads.count == before)
        #expect(self.holder.errors == 0 && self.reports.count.withLock { $0 } == 1)
        self.listener.embeddedEventLoop.advanceTime(by: .milliseconds(100))
        #expect(self.reads.count > before && self.listener.isActive)
        self.listener.embeddedEventLoop.advanceTime(by: .seconds(1))
        self.listener.pipeline.fireErrorCaught(IOError(errnoCode: ENFILE, reason: "accept"))
        #expect(self.reports.count.withLock { $0 } == 2)
        self.close()
    }

    @Test(arguments: [EMFILE, ENFILE, ENOBUFS, ENOMEM, ECONNABORTED])
    func aLackOfResourcesClosesIdleConnections(code: CInt) throws {
        let lacks = code != ECONNABORTED
        let loop = self.listener.embeddedEventLoop
        let list = try #require(self.accepted.idle.list(of: loop))
        let closed = Reports()
        let entries = (0..<2).map { _ in IdleList.Entry { closed.count.withLock { $0 += 1 } } }
        for entry in entries { list.append(entry) }
        self.listener.pipeline.fireErrorCaught(IOError(errnoCode: code, reason: "accept"))
        loop.run()
        #expect(closed.count.withLock { $0 } == (lacks ? 1 : 0) && self.accepted.isFull == lacks)
        loop.advanceTime(by: .milliseconds(100))
        #expect(!self.accepted.isFull)
        self.close()
    }

    @Test func anotherErrorEndsTheListener() {
        self.listener.pipeline.fireErrorCaught(IOError(errnoCode: EBADF, reason: "accept"))
        #expect(self.holder.errors == 1 && self.reports.count.withLock { $0 } == 0)
        self.close()
    }
}
