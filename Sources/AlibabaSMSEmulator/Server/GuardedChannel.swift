// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import HummingbirdCore
import Logging
import NIOCore

/// An HTTP/1.1 channel with a ``ConnectionGuard``.
struct GuardedChannel: ServerChildChannel {
    typealias Value = HTTP1Channel.Value

    private let base: HTTP1Channel
    private let timeouts: ConnectionTimeouts

    init(_ timeouts: ConnectionTimeouts, responder: @escaping HTTPChannelHandler.Responder) {
        self.base = HTTP1Channel(responder: responder)
        self.timeouts = timeouts
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        self.base.setup(channel: channel, logger: logger)
            .flatMapThrowing { [timeouts = self.timeouts] value in
                try ConnectionGuard.add(timeouts, to: channel)
                return value
            }
    }

    func handle(value: Value, logger: Logger) async {
        await self.base.handle(value: value, logger: logger)
    }
}
