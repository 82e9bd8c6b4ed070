import FoundationEssentials
import Hummingbird
import JSONOutput
import NIOCore

/// An error of the inbox as RFC 9457 has it.
struct Problem: Error, HTTPResponseError, Sendable, Hashable {
    var status: HTTPResponse.Status
    var title: String
    var detail: String

    static func badParameter(_ name: String) -> Self {
        Self(status: .badRequest, title: "Bad parameter", detail: "The parameter \(name) cannot be read.")
    }

    static let noMessage = Self(status: .notFound, title: "No message", detail: "There is no such message.")

    static let noMessageInTime = Self(status: .notFound, title: "No message", detail: "No message came in time.")

    static let noCode = Self(status: .notFound, title: "No code", detail: "No message with a code is there.")

    static let noRequest = Self(status: .notFound, title: "No request", detail: "There is no such request.")

    static let tooManyReaders = Self(
        status: .serviceUnavailable,
        title: "Too many readers",
        detail: "Too many event streams are open."
    )

    static let originNotAllowed = Self(
        status: .forbidden,
        title: "Origin not allowed",
        detail: "The inbox answers to pages of loopback names and of hosts that were allowed only."
    )

    static let hostNotAllowed = Self(
        status: .misdirectedRequest,
        title: "Host not allowed",
        detail: "The inbox answers to loopback names and to hosts that were allowed only."
    )

    static let noToken = Self(
        status: .unauthorized,
        title: "Token required",
        detail: "The inbox requires its token: Authorization: Bearer TOKEN."
    )

    func response(from request: Request, context: some RequestContext) -> Response {
        let body = Body(title: self.title, status: self.status.code, detail: self.detail)
        let json = (try? JSONEncoder.compact.encode(body)) ?? Data("{}".utf8)
        var headers: HTTPFields = [.contentType: "application/problem+json", .cacheControl: "no-store"]
        if self.status == .unauthorized { headers[.wwwAuthenticate] = "Bearer" }
        return Response(
            status: self.status,
            headers: headers,
            body: .init(byteBuffer: ByteBuffer(bytes: json))
        )
    }

    private struct Body: Encodable {
        var type = "about:blank"
        var title: String
        var status: Int
        var detail: String
    }
}
