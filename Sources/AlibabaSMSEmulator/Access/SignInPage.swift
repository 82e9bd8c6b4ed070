// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import NIOCore

/// The page on which a user enters the token.
enum SignInPage {
    /// Creates the sign-in page, which contains no script.
    ///
    /// - Parameter isRepeated: Whether the previous attempt had a wrong token.
    /// - Returns: The page with HTTP status 401.
    static func response(isRepeated: Bool = false) -> Response {
        let note = isRepeated ? "<p role=\"alert\">Wrong token.</p>\n" : ""
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
            <p>The token is the value of OTP_INBOX_TOKEN with which the emulator was started.</p>
            </body>
            </html>

            """
        let policy = "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        var headers: HTTPFields = [
            .contentType: "text/html; charset=utf-8", .cacheControl: "no-store", .contentSecurityPolicy: policy,
            .xContentTypeOptions: "nosniff", .wwwAuthenticate: "Bearer",
        ]
        // With "no-referrer", browsers would submit the form with the origin "null".
        if let name = HTTPField.Name("Referrer-Policy") { headers[name] = "same-origin" }
        return Response(status: .unauthorized, headers: headers, body: .init(byteBuffer: ByteBuffer(string: html)))
    }
}
