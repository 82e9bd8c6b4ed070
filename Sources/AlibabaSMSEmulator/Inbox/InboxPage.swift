// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import HTTPTypes
import Hummingbird
import NIOCore
import TextFormats

/// The web page of the inbox, with its script modules.
enum InboxPage {
    /// The HTML of the page, with placeholders for the nonce of the content security policy.
    private static let template = Self.text(PackageResources.page_html)
        .replacing("{{css}}", with: Self.text(PackageResources.page_css))

    /// The sources of the script modules, keyed by file name.
    private static let modules: [String: [UInt8]] = [
        "api.js": PackageResources.api_js,
        "comparison.js": PackageResources.comparison_js,
        "connection.js": PackageResources.connection_js,
        "elements.js": PackageResources.elements_js,
        "empty.js": PackageResources.empty_js,
        "formats.js": PackageResources.formats_js,
        "lists.js": PackageResources.lists_js,
        "messages.js": PackageResources.messages_js,
        "page.js": PackageResources.page_js,
        "requests.js": PackageResources.requests_js,
        "view.js": PackageResources.view_js,
    ]

    /// Returns the page, with a content security policy that permits only the page's own styles and scripts.
    ///
    /// The policy permits the page's script by a nonce. Modules that the script imports inherit this nonce, so the policy needs
    /// no list of sources.
    static func response() -> Response {
        let nonce = (0..<16).map { _ in UInt8.random(in: .min ... .max) }.hex
        let policy =
            "default-src 'none'; script-src 'nonce-\(nonce)'; style-src 'nonce-\(nonce)'; connect-src 'self'; "
            + "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
            + "require-trusted-types-for 'script'"
        var headers = Self.headers(contentType: "text/html; charset=utf-8")
        headers[.contentSecurityPolicy] = policy
        if let name = HTTPField.Name("Referrer-Policy") { headers[name] = "no-referrer" }
        let html = Self.template.replacing("{{nonce}}", with: nonce)
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(string: html)))
    }

    /// Returns a script module.
    ///
    /// - Parameter name: The file name from the request.
    /// - Returns: A response with the source of the module.
    /// - Throws: An HTTP error with status 404 if there is no such module.
    static func module(named name: String) throws -> Response {
        guard let source = Self.modules[name] else { throw HTTPError(.notFound) }
        let headers = Self.headers(contentType: "text/javascript; charset=utf-8")
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: source)))
    }

    private static func headers(contentType: String) -> HTTPFields {
        [.contentType: contentType, .cacheControl: "no-store", .xContentTypeOptions: "nosniff"]
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
