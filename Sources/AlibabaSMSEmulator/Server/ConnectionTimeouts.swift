import NIOCore

/// How long a connection may take for what its client has to do.
public struct ConnectionTimeouts: Sendable, Hashable {
    /// How long a connection without a request stays open.
    public var idle: Duration

    /// How long the request line and the headers may take, from their first byte on.
    public var head: Duration

    /// How long a body may take, from the end of the headers on.
    public var body: Duration

    /// How long a client may read nothing while there is something to write.
    public var write: Duration

    /// Creates timeouts.
    ///
    /// - Parameters:
    ///   - idle: How long a connection without a request stays open.
    ///   - head: How long the request line and the headers may take.
    ///   - body: How long a body may take.
    ///   - write: How long a client may read nothing while there is something to write.
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
    /// The deadline after some time; a time that NIO cannot count is as long as it can.
    func advanced(by duration: Duration) -> NIODeadline {
        let longest = Duration.seconds(100 * 365 * 86_400)
        return self + TimeAmount(min(max(duration, .zero), longest))
    }
}
