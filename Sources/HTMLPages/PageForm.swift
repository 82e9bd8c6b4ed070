// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
package import Hummingbird
import NIOCore

/// Decodes the fields of a submitted form.
package enum PageForm {
    private static let maximumBodySize = 4096

    /// Returns the values of a form's fields, keyed by field name.
    ///
    /// - Throws: An HTTP error with status 400, 413 or 415.
    package static func fields(_ request: Request) async throws(HTTPError) -> [String: String] {
        let type = request.headers[.contentType]?.split(separator: ";").first.map { $0.lowercased() }
        guard type == "application/x-www-form-urlencoded" else { throw HTTPError(.unsupportedMediaType) }
        let body: ByteBuffer
        do {
            body = try await request.body.collect(upTo: self.maximumBodySize)
        } catch is NIOTooManyBytesError {
            throw HTTPError(.contentTooLarge)
        } catch {
            throw HTTPError(.badRequest)
        }
        guard let text = String(validating: body.readableBytesView, as: UTF8.self),
            let fields = try? URLEncodedFormDecoder().decode([String: String].self, from: text)
        else { throw HTTPError(.badRequest) }
        return fields
    }
}
