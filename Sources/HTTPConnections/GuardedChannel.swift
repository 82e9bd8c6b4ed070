// SPDX-License-Identifier: Apache-2.0

package import HummingbirdCore
package import Logging
package import NIOCore

/// An HTTP/1.1 channel that has a ``ConnectionGuard`` and merges the writes of one event-loop tick.
package struct GuardedChannel: ServerChildChannel {
    package typealias Value = HTTP1Channel.Value

    /// The requested size of the send buffer of the kernel, in bytes.
    ///
    /// Without this size, Linux lets the buffer grow to several megabytes for a client that does not read its responses.
    static let sendBufferSize = 65_536

    private let base: HTTP1Channel
    private let rules: ConnectionRules
    private let accepted: AcceptedConnections?
    private let executor: @Sendable (any EventLoop) -> (any TaskExecutor)?

    /// Creates a channel.
    ///
    /// - Parameters:
    ///   - rules: The timeouts and limits of the connection.
    ///   - accepted: The connections that the server has accepted, but does not handle yet; `nil` if the server does not track
    ///     them.
    ///   - executor: Returns the executor for an event loop; `nil` for the global executor.
    ///   - responder: Responds to a request.
    package init(
        _ rules: ConnectionRules,
        accepted: AcceptedConnections? = nil,
        executor: @escaping @Sendable (any EventLoop) -> (any TaskExecutor)? = { _ in nil },
        responder: @escaping HTTPChannelHandler.Responder
    ) {
        var configuration = HTTP1Channel.Configuration()
        if let size = rules.maximumHeaderSize {
            configuration.httpDecoder = .init(
                maxHeaderFieldSize: size,
                maxHeaderListSize: size,
                maxHeaderFieldCount: 100
            )
        }
        self.base = HTTP1Channel(responder: responder, configuration: configuration)
        self.rules = rules
        self.accepted = accepted
        self.executor = executor
    }

    package func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        self.base.setup(channel: channel, logger: logger)
            .flatMapThrowing { [rules = self.rules, accepted = self.accepted] value in
                try ConnectionGuard.add(
                    rules,
                    idle: accepted?.idle.list(of: channel.eventLoop),
                    isFull: { accepted?.isFull ?? false },
                    to: channel
                )
                try channel.pipeline.syncOperations.addHandler(FlushMerger(), position: .first)
                // The limit only saves memory. On Darwin, the call fails if the client has already reset the connection.
                try? channel.syncOptions?.setOption(.socketOption(.so_sndbuf), value: Self.sendBufferSize)
                return value
            }
    }

    package func handle(value: Value, logger: Logger) async {
        self.accepted?.isHandled(value.channel)
        await withTaskExecutorPreference(self.executor(value.channel.eventLoop)) {
            await self.base.handle(value: value, logger: logger)
        }
    }
}
