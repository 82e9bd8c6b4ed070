// SPDX-License-Identifier: Apache-2.0

import HTMLPages
import Hummingbird

extension Response {
    private static let responses = PageResponses(hasScript: true)

    /// Creates a response with the page.
    init(page: HTML) { self = Self.responses.page(page) }

    /// Creates a response with a file, such as the style sheet.
    ///
    /// - Parameters:
    ///   - page: The content of the file.
    ///   - mediaType: The media type.
    init(page: [UInt8], mediaType: String) { self = Self.responses.file(page, mediaType: mediaType) }

    /// The response to a submitted form: a redirection, so that a reload does not submit the form again.
    static var toPage: Response { Self.responses.redirection(to: "/demo") }
}
