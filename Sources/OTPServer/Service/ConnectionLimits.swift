// SPDX-License-Identifier: Apache-2.0

import HTTPConnections
import JSONOutput
import Metrics
import NIOHTTP1

/// The limits of the connections of an ``OTPHTTPService``.
///
/// With these limits, a slow or hostile client costs a bounded amount of memory and time.
public struct ConnectionLimits: Sendable, Hashable {
    /// The maximum number of open connections.
    ///
    /// If there are more, the connections without a request for the longest time are closed. If no connection is without a
    /// request, further connections wait.
    public var connections = 10_000

    /// The time after which a connection without a request is closed.
    public var idle = Duration.seconds(60)

    /// The maximum time from the first byte of a request to the end of its headers.
    public var head = Duration.seconds(10)

    /// The maximum time from the end of the headers to the end of the body.
    public var body = Duration.seconds(10)

    /// The maximum time for which a client may stop reading while the server has data to write.
    public var write = Duration.seconds(20)

    /// The maximum number of bytes in the header fields of a request.
    public var headerSize = 16 * 1024

    /// Creates the default limits.
    public init() {}

    /// The rules for each connection.
    ///
    /// Responses that reject a request are problem documents.
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
