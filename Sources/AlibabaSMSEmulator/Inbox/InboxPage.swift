import AlibabaSMS
import HTTPTypes
import Hummingbird
import NIOCore

/// The inbox for people: one page without any outside resource.
enum InboxPage {
    /// The page, with a policy that lets only its own script and style run.
    static func response() -> Response {
        let nonce = (0..<16).map { _ in UInt8.random(in: .min ... .max) }.hex
        let policy =
            "default-src 'none'; script-src 'nonce-\(nonce)'; style-src 'nonce-\(nonce)'; connect-src 'self'; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        var headers: HTTPFields = [
            .contentType: "text/html; charset=utf-8",
            .cacheControl: "no-store",
            .contentSecurityPolicy: policy,
            .xContentTypeOptions: "nosniff",
        ]
        if let name = HTTPField.Name("Referrer-Policy") { headers[name] = "no-referrer" }
        let html = Self.document(nonce: nonce)
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(string: html)))
    }

    private static func document(nonce: String) -> String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>SMS inbox</title>
        <style nonce="\(nonce)">\(InboxPageStyle.css)</style>
        </head>
        <body>
        <p class="banner" role="note"><strong>Emulator.</strong> Nothing is sent: these messages never left this machine.</p>
        <header>
        <h1>SMS inbox</h1>
        <span id="count" class="muted" aria-live="polite"></span>
        <span id="state" class="state">connecting</span>
        <button id="clear" type="button">Clear</button>
        </header>
        <main>
        <ol id="messages"></ol>
        <section id="empty" hidden>
        <h2>No messages yet</h2>
        <p>Point a client of Alibaba Cloud SMS at this address, and what it sends appears here:</p>
        <pre id="hint"></pre>
        </section>
        </main>
        <template id="row">
        <li>
        <div class="meta">
        <button class="to" type="button" title="Show or hide the number"></button>
        <span class="from"></span>
        <span class="tag type"></span>
        <time></time>
        <span class="tag segments"></span>
        </div>
        <p class="text"></p>
        <div class="codes"><output class="code"></output><button class="copy" type="button">Copy</button></div>
        </li>
        </template>
        <script nonce="\(nonce)">\(InboxPageScript.javaScript)</script>
        </body>
        </html>
        """
    }
}
