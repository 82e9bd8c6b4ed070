// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import NIOCore

extension Response {
    /// The content security policy of the page, which allows only the page's own style sheet, script and routes.
    private static let policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; form-action 'self'; "
        + "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

    /// Creates a response with the page.
    init(page: HTML) {
        self.init(page: Array(page.text.utf8), mediaType: "text/html; charset=utf-8")
    }

    /// Creates a response with a file of the page, such as the style sheet.
    ///
    /// - Parameters:
    ///   - page: The content of the file.
    ///   - mediaType: The media type.
    init(page: [UInt8], mediaType: String) {
        var headers = Self.pageHeaders
        headers[.contentType] = mediaType
        self.init(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: page)))
    }

    /// The redirect to the page after a submitted form, so that reloading the page does not submit the form again.
    static var toPage: Response {
        var headers = Self.pageHeaders
        headers[.location] = "/demo"
        return Response(status: .seeOther, headers: headers)
    }

    private static var pageHeaders: HTTPFields {
        var headers: HTTPFields = [
            .contentSecurityPolicy: Self.policy, .cacheControl: "no-store", .xContentTypeOptions: "nosniff",
        ]
        // With `no-referrer`, a browser sends `Origin: null` with the forms of the page.
        for (name, value) in [("Referrer-Policy", "same-origin"), ("Cross-Origin-Opener-Policy", "same-origin")] {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
        return headers
    }
}
