// SPDX-License-Identifier: Apache-2.0

import HTMLPages

/// The common parts of all pages: the HTML head, the header and the notices.
struct AdminFrame {
    /// A page in the navigation.
    enum Place: Sendable { case overview, lookUp }

    var title: String
    /// The name of the operator's API key; `nil` before the sign-in.
    var keyID: String?
    var place: Place?
    var notices: [Notice] = []

    /// Returns the HTML document with the given content.
    func html(_ content: HTML) -> HTML {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="robots" content="noindex">
        <title>\(self.notices.contains { $0.tone == .error } ? "Error: " : "")\(self.title) – swift-otp</title>
        \(PageStyle.icon)
        <link rel="stylesheet" href="/admin/page.css">
        </head>
        <body>
        <a class="skip" href="#main">Skip to content</a>
        <header class="bar">
        <p class="brand">\(PageStyle.logo)swift-otp</p>
        <p class="hint">Operator</p>
        \(self.navigation)
        </header>
        <main id="main" class="\(self.keyID == nil ? "narrow" : "wide")">
        \(.joined(self.notices.map(Self.paragraph)))
        \(content)
        </main>
        </body>
        </html>

        """
    }

    private var navigation: HTML? {
        guard let keyID = self.keyID else { return nil }
        return """
            <nav class="places" aria-label="Pages">\(self.link("/admin", "Overview", .overview))\
            \(self.link("/admin/look-up", "Look up", .lookUp))</nav>
            <form method="post" action="/admin/sign-out" class="account"><span class="key">\(keyID)</span>\
            <button class="link">Sign out</button></form>
            """
    }

    private func link(_ path: HTML, _ name: HTML, _ place: Place) -> HTML {
        let current: HTML? = self.place == place ? #" aria-current="page""# : nil
        return #"<a href="\#(path)"\#(current)>\#(name)</a>"#
    }

    private static func paragraph(_ notice: Notice) -> HTML {
        let role: HTML = notice.tone == .error ? "alert" : "status"
        return #"<p class="notice \#(notice.tone.rawValue)" role="\#(role)">\#(notice.text)</p>"#
    }
}
