import HTTPTypes
import Hummingbird
import NIOCore

extension Response {
    /// A page as something between client and gateway answers.
    static func page(status: Int) -> Response {
        let status = HTTPResponse.Status(code: status)
        let title = "\(status.code) \(status.reasonPhrase)"
        let html = "<html>\r\n<head><title>\(title)</title></head>\r\n<body><h1>\(title)</h1></body>\r\n</html>\r\n"
        return Response(
            status: status,
            headers: [.contentType: "text/html"],
            body: .init(byteBuffer: ByteBuffer(string: html))
        )
    }

    /// Bytes that are called JSON, are none, and are not even text.
    static var garbage: Response {
        Response(
            status: .ok,
            headers: [.contentType: "application/json;charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(bytes: Array(#"{"ResponseCode":"O"#.utf8) + [0xFF, 0xFE, 0x00, 0x4B]))
        )
    }
}
