// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTMLPages
import SMSKit

extension PageView {
    /// The HTML of the messages next to the form, with the newest first.
    var inboxHTML: HTML {
        let texts = self.texts.inbox
        let messages: HTML =
            self.inbox.messages.isEmpty
            ? #"<p class="empty">\#(texts.empty)</p>"#
            : "<ol>\(.joined(self.inbox.messages.map(self.message)))</ol>"
        let link = self.inbox.url.map { #"<a href="\#($0)" target="_blank" rel="noopener">\#(texts.open)</a>"# as HTML }
        return """
            <section class="phone" id="inbox" aria-labelledby="inbox-title" data-cursor="\(self.inbox.cursor)">
            <div class="screen">
            <h2 id="inbox-title">\(texts.title)</h2>
            \(messages)
            </div>
            <p class="small">\(texts.lead) <span class="refresh"><a href="/demo">\(texts.refresh)</a> ·</span> \(link)</p>
            </section>
            """
    }

    private func message(_ message: DemoMessage) -> HTML {
        let texts = self.texts.inbox
        let recipient = PhoneNumber(e164: message.recipient)?.grouped ?? message.recipient
        var text: HTML = "\(message.text)"
        var button: HTML?
        if let code = message.code, let range = message.text.range(of: code) {
            text = "\(message.text[..<range.lowerBound])<mark>\(code)</mark>\(message.text[range.upperBound...])"
            button = """
                <button type="button" class="use" data-code="\(code)" data-recipient="\(message.recipient)" hidden>\
                \(texts.use)</button>
                """
        }
        return """
            <li><p class="to">\(HTML(texts.recipient, ["number": #"<bdi class="number">\#(recipient)</bdi>"#]))</p>\
            <p class="bubble">\(text)</p>\(button)</li>
            """
    }
}
