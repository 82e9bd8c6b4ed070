// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The texts of earlier messages, without their codes.
///
/// Two messages that differ only in their codes have the same text around the code. Therefore the service renders and measures
/// this text only once.
final class RenderedTexts: Sendable {
    /// A text without its code.
    struct Text: Sendable {
        /// The parts before, between and after the occurrences of the code.
        var parts: [String]

        /// Whether the text fits into the allowed segments.
        var fits: Bool

        /// Returns the text with a code.
        func text(with code: String) -> String { self.parts.joined(separator: code) }
    }

    /// The values that determine a text without its code.
    ///
    /// The wordings, the brands and the web origin also affect the text, but never change.
    struct Key: Sendable, Hashable {
        var locale: MessageLocale

        /// The purpose; `nil` if no wording has words for the purpose.
        var purpose: OTPPurpose?
        var minutes: Int

        /// The length of the code, which determines the number of segments.
        var length: Int
    }

    /// The maximum number of stored texts.
    ///
    /// A service stores a separate text for each combination of language, purpose, remaining minutes and code length.
    static let maximum = 1_000

    private let texts = Mutex<[Key: Text]>([:])

    /// The number of stored texts.
    var count: Int { self.texts.withLock { $0.count } }

    /// Returns a text without its code.
    ///
    /// - Parameters:
    ///   - key: The values that determine the text.
    ///   - render: A closure that renders the text if it is not stored.
    /// - Returns: The text.
    func text(of key: Key, _ render: () -> Text) -> Text {
        if let text = self.texts.withLock({ $0[key] }) { return text }
        let text = render()
        self.texts.withLock { texts in
            if texts.count >= Self.maximum { texts = [:] }
            texts[key] = text
        }
        return text
    }
}
