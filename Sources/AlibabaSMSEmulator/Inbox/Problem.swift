// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import JSONOutput
import NIOCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A problem details response of the REST API (RFC 9457).
struct Problem: Error, HTTPResponseError, Sendable, Hashable {
    var status: HTTPResponse.Status
    var title: String
    var detail: String

    static func badParameter(_ name: String) -> Self {
        Self(status: .badRequest, title: "Invalid parameter", detail: "The parameter \(name) is invalid.")
    }

    static let noMessage = Self(
        status: .notFound,
        title: "No message",
        detail: "The inbox has no message with this ID."
    )

    static let noMessageInTime = Self(
        status: .notFound,
        title: "No message",
        detail: "No message arrived before the timeout."
    )

    static let noCode = Self(status: .notFound, title: "No code", detail: "The inbox has no message with a code.")

    static let noRequest = Self(status: .notFound, title: "No request", detail: "The log has no request with this ID.")

    static let tooManyReaders = Self(
        status: .serviceUnavailable,
        title: "Too many event streams",
        detail: "Too many event streams are open."
    )

    static let originNotAllowed = Self(
        status: .forbidden,
        title: "Origin not allowed",
        detail: "The inbox serves only pages of loopback hosts and of allowed hosts."
    )

    static let hostNotAllowed = Self(
        status: .misdirectedRequest,
        title: "Host not allowed",
        detail: "The inbox serves only loopback hosts and allowed hosts."
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
