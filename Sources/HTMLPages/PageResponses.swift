// SPDX-License-Identifier: Apache-2.0

package import HTTPTypes
package import Hummingbird
import NIOCore

/// The HTTP responses of a page that loads nothing from other sites.
package struct PageResponses: Sendable {
    private let headers: HTTPFields

    /// Creates the responses of a page.
    ///
    /// - Parameter hasScript: Whether the page has its own scripts.
    package init(hasScript: Bool) {
        let script = hasScript ? "script-src 'self'; style-src 'self'; connect-src 'self'" : "style-src 'self'"
        let policy =
            "default-src 'none'; \(script); img-src data:; form-action 'self'; base-uri 'none'; "
            + "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
        var headers: HTTPFields = [
            .contentSecurityPolicy: policy, .cacheControl: "no-store", .xContentTypeOptions: "nosniff",
        ]
        // With `no-referrer`, a browser would send `Origin: null` with the forms of the page.
        for (name, value) in [("Referrer-Policy", "same-origin"), ("Cross-Origin-Opener-Policy", "same-origin")] {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
        self.headers = headers
    }

    /// Returns a response with a page.
    package func page(_ html: HTML, _ status: HTTPResponse.Status = .ok) -> Response {
        self.file(Array(html.text.utf8), mediaType: "text/html; charset=utf-8", status)
    }

    /// Returns a response with a file, such as a style sheet.
    package func file(_ content: [UInt8], mediaType: String, _ status: HTTPResponse.Status = .ok) -> Response {
        var headers = self.headers
        headers[.contentType] = mediaType
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: content)))
    }

    /// Returns the response to a submitted form: a redirection, so that a reload does not submit the form again.
    package func redirection(to path: String) -> Response {
        var headers = self.headers
        headers[.location] = path
        return Response(status: .seeOther, headers: headers)
    }
}
