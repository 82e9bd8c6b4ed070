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

    /// Returns the body; throws an error if the body has more than `size` bytes.
    func body(upTo size: Int) async throws(HTTPProblem) -> ByteBuffer {
        func oversized() -> HTTPProblem { HTTPProblem(.contentTooLarge, "The body has at most \(size) bytes.") }
        let length = self.headers.first { $0.name == .contentLength }
        if let length, Int(length.value) ?? 0 > size { throw oversized() }
        var body = ByteBuffer()
        do {
            for try await var part in self.body {
                guard body.readableBytes + part.readableBytes <= size else { throw oversized() }
                if body.readableBytes == 0 { body = part } else { body.writeBuffer(&part) }
                // Reading a further part costs several calls, even for the empty part at the end of the body.
                if let length, body.readableBytes == Int(length.value) { break }
            }
        } catch let problem as HTTPProblem {
            throw problem
        } catch {
            throw HTTPProblem(.invalidRequest, "The body ended too early.")
        }
        return body
    }
}
