// SPDX-License-Identifier: Apache-2.0

/// A text message in the inbox of the page.
package struct DemoMessage: Sendable, Hashable {
    /// The recipient in E.164 form.
    package var recipient: String
    /// The text of the message.
    package var text: String
    /// The code in the text; `nil` if the text contains no code.
    package var code: String?

    /// Creates a message.
    ///
    /// - Parameters:
    ///   - recipient: The recipient in E.164 form.
    ///   - text: The text of the message.
    ///   - code: The code in the text; `nil` if the text contains no code.
    package init(recipient: String, text: String, code: String? = nil) {
        self.recipient = recipient
        self.text = text
        self.code = code
    }
}
