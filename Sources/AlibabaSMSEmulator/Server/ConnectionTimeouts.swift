// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// The timeouts of a connection.
public struct ConnectionTimeouts: Sendable, Hashable {
    /// The time for which a connection without a request stays open.
    public var idle: Duration

    /// The maximum time to receive the request line and the headers, from the first byte.
    public var head: Duration

    /// The maximum time to receive a body, from the end of the headers.
    public var body: Duration

    /// The maximum time for which a client can stop reading while the server has data to write.
    public var write: Duration

    /// Creates timeouts.
    ///
    /// - Parameters:
    ///   - idle: The time for which a connection without a request stays open.
    ///   - head: The maximum time to receive the request line and the headers.
    ///   - body: The maximum time to receive a body.
    ///   - write: The maximum time for which a client can stop reading while the server has data to write.
    public init(
        idle: Duration = .seconds(60),
        head: Duration = .seconds(10),
        body: Duration = .seconds(30),
        write: Duration = .seconds(30)
    ) {
        self.idle = idle
        self.head = head
        self.body = body
        self.write = write
    }
}

extension NIODeadline {
    /// Returns the deadline after a duration, clamped to the range that NIO can represent.
    func advanced(by duration: Duration) -> NIODeadline {
        let longest = Duration.seconds(100 * 365 * 86_400)
        return self + TimeAmount(min(max(duration, .zero), longest))
    }
}
