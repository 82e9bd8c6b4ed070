// SPDX-License-Identifier: Apache-2.0

import HTTPConnections

/// The timeouts of an HTTP connection.
public struct ConnectionTimeouts: Sendable, Hashable {
    /// The time after which a connection without a request is closed.
    public var idle: Duration

    /// The maximum time from the first byte of a request to the end of its headers.
    public var head: Duration

    /// The maximum time from the end of the headers to the end of the body.
    public var body: Duration

    /// The maximum time that the server waits for a client to read more of a response.
    public var write: Duration

    /// Creates timeouts.
    ///
    /// - Parameters:
    ///   - idle: The time after which a connection without a request is closed.
    ///   - head: The maximum time from the first byte of a request to the end of its headers.
    ///   - body: The maximum time from the end of the headers to the end of the body.
    ///   - write: The maximum time that the server waits for a client to read more of a response.
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

extension ConnectionTimeouts {
    /// The timeouts, converted to `ConnectionRules`.
    var rules: ConnectionRules {
        ConnectionRules(idle: self.idle, head: self.head, body: self.body, write: self.write)
    }
}
