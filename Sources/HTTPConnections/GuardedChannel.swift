// SPDX-License-Identifier: Apache-2.0

package import HummingbirdCore
package import Logging
package import NIOCore

/// The HTTP/1.1 channel of Hummingbird with a ``ConnectionGuard``.
///
/// The channel merges the writes of one event-loop tick.
///
/// A ``RequestChannel`` is faster, and needs no `Application` of Hummingbird.
package struct GuardedChannel: ServerChildChannel {
    package typealias Value = HTTP1Channel.Value

    private let base: HTTP1Channel
    private let rules: ConnectionRules

    /// Creates a channel.
    ///
    /// - Parameters:
    ///   - rules: The timeouts and limits of the connection.
    ///   - responder: Responds to a request.
    package init(_ rules: ConnectionRules, responder: @escaping HTTPChannelHandler.Responder) {
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
    }

    package func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        self.base.setup(channel: channel, logger: logger)
            .flatMapThrowing { [rules = self.rules] value in
                try ConnectionGuard.add(rules, to: channel)
                try channel.pipeline.syncOperations.addHandler(FlushMerger(), position: .first)
                return value
            }
    }

    package func handle(value: Value, logger: Logger) async { await self.base.handle(value: value, logger: logger) }
}
