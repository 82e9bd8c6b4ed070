import AlibabaSMS
import HTTPTypes
import Hummingbird
import NIOCore
import TextFormats

/// The inbox for people: one page without any outside resource.
enum InboxPage {
    /// The page without the nonce of an answer.
    private static let template: String = {
        let script = [
            PackageResources.dom_js, PackageResources.messages_js, PackageResources.requests_js,
            PackageResources.page_js,
        ]
        return Self.text(PackageResources.page_html)
            .replacing("{{css}}", with: Self.text(PackageResources.page_css))
            .replacing("{{script}}", with: script.map(Self.text).joined(separator: "\n"))
    }()

    /// The page, with a policy that lets only its own script and style run.
    static func response() -> Response {
        let nonce = (0..<16).map { _ in UInt8.random(in: .min ... .max) }.hex
        let policy =
            "default-src 'none'; script-src 'nonce-\(nonce)'; style-src 'nonce-\(nonce)'; connect-src 'self'; "
            + "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
            + "require-trusted-types-for 'script'"
        var headers: HTTPFields = [
            .contentType: "text/html; charset=utf-8",
            .cacheControl: "no-store",
            .contentSecurityPolicy: policy,
            .xContentTypeOptions: "nosniff",
        ]
        if let name = HTTPField.Name("Referrer-Policy") { headers[name] = "no-referrer" }
        let html = Self.template.replacing("{{nonce}}", with: nonce)
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(string: html)))
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
