// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// The timeouts of an HTTP connection.
public struct ConnectionTimeouts: Sendable, Hashable {
    /// The time after which a connection without a request is closed.
    public var idle: Duration

    /// The maximum time from the first byte of a request to the end of its headers.
    public var head: Duration

    /// The maximum time from the end of the headers to the end of the body.
    public var body: Duration

    /// The maximum time for which a client may stop reading while the server has data to write.
    public var write: Duration

    /// Creates timeouts.
    ///
    /// - Parameters:
    ///   - idle: The time after which a connection without a request is closed.
    ///   - head: The maximum time from the first byte of a request to the end of its headers.
    ///   - body: The maximum time from the end of the headers to the end of the body.
    ///   - write: The maximum time for which a client may stop reading while the server has data to write.
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
