// SPDX-License-Identifier: Apache-2.0

package import HummingbirdCore
package import Logging
package import NIOCore
import NIOHTTP1

/// An HTTP/1.1 channel that runs on its event loop, has a ``ConnectionGuard``, and writes a small response in one piece.
///
/// Hummingbird's own channel passes each part of a request and of a response through an asynchronous sequence. This channel
/// passes a small request with its body, which saves about a third of the instructions of a request.
package struct RequestChannel: ServerChildChannel {
    /// Responds to a request.
    ///
    /// A body of more than 4 KiB can be read only once. The channel adds the header `Date`, so the response must not contain it.
    package typealias Responder = @Sendable (_ request: Request, _ channel: any Channel) async -> Response

    private let rules: ConnectionRules
    private let accepted: AcceptedConnections?
    private let executor: @Sendable (any EventLoop) -> any TaskExecutor
    private let responder: Responder
    private let date = DateHeader()

    /// Creates a channel.
    ///
    /// - Parameters:
    ///   - rules: The timeouts and limits of the connection.
    ///   - accepted: The connections that the server has accepted, but does not handle yet; `nil` if the server does not track
    ///     them.
    ///   - executor: Returns an executor that runs its tasks on the given event loop.
    ///   - responder: Responds to a request, on the event loop of the connection.
    package init(
        _ rules: ConnectionRules,
        accepted: AcceptedConnections? = nil,
        executor: @escaping @Sendable (any EventLoop) -> any TaskExecutor,
        responder: @escaping Responder
    ) {
        self.rules = rules
        self.accepted = accepted
        self.executor = executor
        self.responder = responder
    }

    package func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<RequestConnection> {
        channel.eventLoop.makeCompletedFuture {
            let handler = try self.addHandlers(to: channel)
            let boundHandler = NIOLoopBound(handler, eventLoop: channel.eventLoop)
            return RequestConnection(channel: channel, handler: boundHandler, date: self.date)
        }
    }

    private func addHandlers(to channel: any Channel) throws -> RequestHandler {
        var limits = NIOHTTPDecoderLimitConfiguration()
        if let size = self.rules.maximumHeaderSize {
            limits.maxHeaderFieldSize = size
            limits.maxHeaderListSize = size
        }
        limits.maxHeaderFieldCount = 100
        let pipeline = channel.pipeline.syncOperations
        try pipeline.configureHTTPServerPipeline(
            withPipeliningAssistance: false,
            withErrorHandling: false,
            // The types of swift-http-types contain only valid header fields.
            withOutboundHeaderValidation: false,
            withEncoderConfiguration: .init(),
            withDecoderLimitConfiguration: limits
        )
        let connectionGuard = try ConnectionGuard.add(
            self.rules,
            idle: self.accepted?.idle.list(of: channel.eventLoop),
            isFull: { [accepted = self.accepted] in accepted?.isFull ?? false },
            to: channel
        )
        let handler = RequestHandler(connectionGuard)
        try pipeline.addHandler(handler)
        return handler
    }

    package func handle(value connection: RequestConnection, logger: Logger) async {
        self.accepted?.isHandled(connection.channel)
        await withTaskExecutorPreference(self.executor(connection.channel.eventLoop)) {
            await withTaskCancellationHandler {
                while let request = await connection.next() {
                    await connection.write(self.responder(request, connection.channel))
                }
            } onCancel: {
                connection.channel.close(mode: .input, promise: nil)
            }
        }
        // A client that reads slowly must not delay the end of a cancelled server.
        if Task.isCancelled { connection.channel.close(promise: nil) }
        // The future of a closed channel never fails.
        try? await connection.channel.closeFuture.get()
    }
}
