// SPDX-License-Identifier: Apache-2.0

import NIOCore
package import NIOHTTP1

/// The timeouts and limits of HTTP connections, and the response to a request that the connection itself rejects.
package struct ConnectionRules: Sendable {
    /// The time after which a connection without a request is closed.
    package var idle: Duration

    /// The maximum time from the first byte of a request to the end of its headers.
    package var head: Duration

    /// The maximum time from the end of the headers to the end of the body.
    package var body: Duration

    /// The maximum time for which a client may stop reading while the server has data to write.
    package var write: Duration

    /// The maximum total size of the header fields of a request, in bytes; `nil` for the limits of Hummingbird.
    package var maximumHeaderSize: Int?

    /// A closure that returns the body of the response to a request that the connection itself rejects.
    ///
    /// The status is 400, 408 or 431. Responses without a media type have no body.
    package var rejection: @Sendable (_ status: HTTPResponseStatus) -> (mediaType: String?, body: [UInt8])

    /// Creates rules.
    ///
    /// - Parameters:
    ///   - idle: The time after which a connection without a request is closed.
    ///   - head: The maximum time from the first byte of a request to the end of its headers.
    ///   - body: The maximum time from the end of the headers to the end of the body.
    ///   - write: The maximum time for which a client may stop reading while the server has data to write.
    ///   - maximumHeaderSize: The maximum total size of the header fields of a request, in bytes; `nil` for the limits of
    ///     Hummingbird.
    ///   - rejection: A closure that returns the body of the response to a rejected request; by default the body is empty.
    package init(
        idle: Duration,
        head: Duration,
        body: Duration,
        write: Duration,
        maximumHeaderSize: Int? = nil,
        rejection: @escaping @Sendable (HTTPResponseStatus) -> (mediaType: String?, body: [UInt8]) = { _ in (nil, []) }
    ) {
        self.idle = idle
        self.head = head
        self.body = body
        self.write = write
        self.maximumHeaderSize = maximumHeaderSize
        self.rejection = rejection
    }
}

extension NIODeadline {
    /// Returns the deadline after a duration, clamped to the range that NIO can represent.
    func advanced(by duration: Duration) -> NIODeadline {
        let longest = Duration.seconds(100 * 365 * 86_400)
        return self + TimeAmount(min(max(duration, .zero), longest))
    }
}
