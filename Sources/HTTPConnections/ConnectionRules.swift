// SPDX-License-Identifier: Apache-2.0

import NIOCore
package import NIOHTTP1

/// The timeouts and limits of HTTP connections, and the response to requests that a connection rejects.
package struct ConnectionRules: Sendable {
    /// The time after which a connection without a request is closed.
    package var idle: Duration

    /// The maximum time from the first byte of a request to the end of its headers.
    package var head: Duration

    /// The maximum time from the end of the headers to the end of the body.
    package var body: Duration

    /// The maximum time for which the server waits for a client that does not read the response.
    package var write: Duration

    /// The maximum total size of the header fields of a request, in bytes; `nil` for the default limits.
    package var maximumHeaderSize: Int?

    /// Returns the body of the response to a rejected request.
    ///
    /// The status is 400, 408 or 431. Without a media type, the response has no `Content-Type` header and no `Cache-Control`
    /// header.
    package var rejection: @Sendable (_ status: HTTPResponseStatus) -> (mediaType: String?, body: [UInt8])

    /// Creates rules.
    ///
    /// - Parameters:
    ///   - idle: The time after which a connection without a request is closed.
    ///   - head: The maximum time from the first byte of a request to the end of its headers.
    ///   - body: The maximum time from the end of the headers to the end of the body.
    ///   - write: The maximum time for which the server waits for a client that does not read the response.
    ///   - maximumHeaderSize: The maximum total size of the header fields of a request, in bytes; `nil` for the default
    ///     limits.
    ///   - rejection: Returns the body of the response to a rejected request. The default is an empty body.
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
    /// Returns the deadline after a duration, limited to the range of NIO.
    func advanced(by duration: Duration) -> NIODeadline {
        let longest = Duration.seconds(100 * 365 * 86_400)
        return self + TimeAmount(min(max(duration, .zero), longest))
    }
}
