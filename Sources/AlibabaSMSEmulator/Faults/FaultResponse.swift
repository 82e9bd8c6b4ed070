// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import NIOCore

extension Response {
    private static let reasons = [
        500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout",
    ]

    /// Returns an HTML error page in the style of a proxy between client and gateway.
    static func page(status: Int) -> Response {
        let status = HTTPResponse.Status(code: status, reasonPhrase: Self.reasons[status] ?? "Error")
        let title = "\(status.code) \(status.reasonPhrase)"
        let html = "<html>\r\n<head><title>\(title)</title></head>\r\n<body><h1>\(title)</h1></body>\r\n</html>\r\n"
        return Response(
            status: status,
            headers: [.contentType: "text/html"],
            body: .init(byteBuffer: ByteBuffer(string: html))
        )
    }

    /// A response with a JSON content type and a body that is neither JSON nor UTF-8.
    static var garbage: Response {
        Response(
            status: .ok,
            headers: [.contentType: "application/json;charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(bytes: Array(#"{"ResponseCode":"O"#.utf8) + [0xFF, 0xFE, 0x00, 0x4B]))
        )
    }
}
