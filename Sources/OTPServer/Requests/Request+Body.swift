// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import NIOCore

extension Request {
    /// Checks that the URL has no query.
    func checkQuery() throws(HTTPProblem) {
        guard self.uri.query == nil else {
            throw HTTPProblem(.invalidRequest, "The URL has a query. All parameters are members of the body.")
        }
    }

    /// Returns the body, which has at most a number of bytes.
    func body(upTo size: Int) async throws(HTTPProblem) -> ByteBuffer {
        let oversized = HTTPProblem(.contentTooLarge, "The body has at most \(size) bytes.")
        if let length = self.headers[.contentLength].flatMap({ Int($0) }), length > size { throw oversized }
        do {
            return try await self.body.collect(upTo: size)
        } catch is NIOTooManyBytesError {
            throw oversized
        } catch {
            throw HTTPProblem(.invalidRequest, "The body ended too early.")
        }
    }
}
