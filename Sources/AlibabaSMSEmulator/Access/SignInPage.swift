import HTTPTypes
import Hummingbird
import NIOCore

/// The page that asks a browser for the token.
enum SignInPage {
    /// The page, without any script.
    ///
    /// - Parameter isRepeated: Whether a wrong token was sent.
    /// - Returns: The page with HTTP status 401.
    static func response(isRepeated: Bool = false) -> Response {
        let note = isRepeated ? "<p role=\"alert\">This is not the token.</p>\n" : ""
        let html = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>SMS inbox</title>
            </head>
            <body>
            <h1>SMS inbox</h1>
            \(note)<form method="post" action="/session">
            <label>Token <input name="token" type="password" autocomplete="current-password" required autofocus></label>
            <button>Open</button>
            </form>
            <p>It is the value of OTP_INBOX_TOKEN with which the emulator was started.</p>
            </body>
            </html>

            """
        let policy = "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        var headers: HTTPFields = [
            .contentType: "text/html; charset=utf-8", .cacheControl: "no-store", .contentSecurityPolicy: policy,
            .xContentTypeOptions: "nosniff", .wwwAuthenticate: "Bearer",
        ]
        // With "no-referrer" a browser would send the form from the origin "null".
        if let name = HTTPField.Name("Referrer-Policy") { headers[name] = "same-origin" }
        return Response(status: .unauthorized, headers: headers, body: .init(byteBuffer: ByteBuffer(string: html)))
    }
}
