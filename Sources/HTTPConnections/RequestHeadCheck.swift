// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1
import TextFormats

/// Checks of the head of a request, before the server uses the `Host` and `Connection` headers.
enum RequestHeadCheck {
    private static let headMethod = Array("HEAD ".utf8)

    /// The maximum number of bytes outside ASCII in a header field.
    static let maximumNonASCIIBytes = 256

    /// Returns whether each header field has only a few bytes outside ASCII.
    ///
    /// Swift compares texts in a normalized form, which takes quadratic time for a long run of combining marks. The routes
    /// compare header fields before they check an API key. The parser already rejects a target outside ASCII.
    static func hasComparableText(_ head: HTTPRequestHead) -> Bool {
        head.headers.allSatisfy { Self.nonASCIIBytes(in: $0.value) <= Self.maximumNonASCIIBytes }
    }

    private static func nonASCIIBytes(in text: String) -> Int {
        var (text, count) = (text, 0)
        text.withUTF8 { for byte in $0 { count &+= Int(byte >> 7) } }
        return count
    }

    /// Returns whether bytes begin with the method `HEAD`, after optional line breaks.
    ///
    /// The decoder does not report the method of a malformed request.
    static func startsHeadRequest(_ bytes: ByteBufferView) -> Bool {
        let start = bytes.drop { $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\n") }
        return start.starts(with: Self.headMethod)
    }

    /// Returns whether a request names exactly one host (RFC 9112, section 3.2).
    static func namesOneHost(_ head: HTTPRequestHead) -> Bool {
        let hosts = head.headers["host"]
        guard hosts.count <= 1 else { return false }
        guard let host = hosts.first else { return head.version == .http1_0 || head.version == .http0_9 }
        guard host.utf8.allSatisfy(Self.isPartOfHost) else { return false }
        return Self.authority(of: head.uri).map { $0.equalsIgnoringASCIICase(host) } ?? true
    }

    /// Returns whether a byte is not a control character, and not a separator of a URL or of a list of hosts.
    private static func isPartOfHost(_ byte: UInt8) -> Bool {
        switch byte {
        case 0...0x20, 0x7F: false
        case UInt8(ascii: ","), UInt8(ascii: "/"), UInt8(ascii: "\\"), UInt8(ascii: "@"), UInt8(ascii: "?"): false
        case UInt8(ascii: "#"), UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"): false
        default: true
        }
    }

    /// Returns whether the length of the body is clear (RFC 9112, section 6.1).
    ///
    /// HTTP/1.0 has no chunked encoding. If an HTTP/1.0 request has the header `Transfer-Encoding`, a proxy and the decoder
    /// could use different lengths.
    static func hasClearLength(_ head: HTTPRequestHead) -> Bool {
        (head.version.major, head.version.minor) >= (1, 1) || !head.headers.contains(name: "transfer-encoding")
    }

    /// Returns whether the connection must end after the response.
    ///
    /// The connection ends if the client requests this, uses an old version of HTTP, or offers to change the protocol. After
    /// such an offer, the decoder decodes no more bytes.
    static func isLast(_ head: HTTPRequestHead) -> Bool {
        !head.isKeepAlive || head.method == .CONNECT || head.headers.contains(name: "upgrade")
    }

    /// Returns the host and port of a request target in absolute form; `nil` for other forms.
    private static func authority(of target: String) -> Substring? {
        guard target.utf8.first != UInt8(ascii: "/"), let scheme = target.firstRange(of: "://") else { return nil }
        return target[scheme.upperBound...].prefix { !"/?#".contains($0) }
    }
}
