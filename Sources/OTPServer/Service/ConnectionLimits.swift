// SPDX-License-Identifier: Apache-2.0

import HTTPConnections
import JSONOutput
import Metrics
import NIOHTTP1

/// The limits of the connections to an ``OTPHTTPService``.
///
/// The limits bound the memory and the time that a slow or hostile client can use.
public struct ConnectionLimits: Sendable, Hashable {
    /// The maximum number of open connections.
    ///
    /// At the maximum, the server closes the connections that have been idle for the longest time. If no connection is idle,
    /// new connections wait. Meanwhile, the server closes each open connection after its current response.
    public var connections = 10_000

    /// The time after which the server closes a connection without a request in progress.
    public var idle = Duration.seconds(60)

    /// The maximum time from the first byte of a request to the end of its headers.
    public var head = Duration.seconds(10)

    /// The maximum time from the end of the headers to the end of the body.
    public var body = Duration.seconds(10)

    /// The maximum time for which the server waits for a client that does not read the response.
    public var write = Duration.seconds(20)

    /// The maximum size of a request's header fields in bytes.
    public var headerSize = 16 * 1024

    /// Creates limits with the default values.
    public init() {}

    /// The limits as rules for each connection, with problem documents as the responses to rejected requests.
    var rules: ConnectionRules {
        ConnectionRules(
            idle: self.idle,
            head: self.head,
            body: self.body,
            write: self.write,
            maximumHeaderSize: self.headerSize,
            rejection: { status in
                Counter(label: "otp.http.rejections", dimensions: [("status", "\(status.code)")]).increment()
                return (HTTPProblem.mediaType, HTTPProblem(Self.code(for: status)).document.bytes)
            }
        )
    }

    private static func code(for status: HTTPResponseStatus) -> HTTPProblem.Code {
        switch status {
        case .requestTimeout: .requestTimeout
        case .requestHeaderFieldsTooLarge: .headersTooLarge
        default: .invalidRequest
        }
    }
}
