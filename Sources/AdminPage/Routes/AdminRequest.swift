// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTMLPages
import HTTPTypes
import Hummingbird

/// The checks of a submitted form.
enum AdminRequest {
    /// Returns the fields of a form, after checking that the form is from this page.
    ///
    /// The session cookie does not prove the origin of the form. A page on another port of the same host can also send a form
    /// with this cookie. The check compares the host and the port in the header `Origin` with the host and the port of the
    /// request. The check ignores the scheme, because a proxy can change the scheme.
    ///
    /// - Throws: An HTTP error with status 400, 403, 413 or 415.
    static func fields(_ request: Request) async throws(HTTPError) -> [String: String] {
        guard let host = request.head.authority, !host.isEmpty, let origin = self.origin(request),
            origin.host == host.lowercased()
        else { throw HTTPError(.forbidden) }
        return try await PageForm.fields(request)
    }

    /// Whether the browser uses HTTPS, according to the header `Origin`.
    ///
    /// A proxy that terminates TLS does not change the result.
    static func isSecure(_ request: Request) -> Bool { self.origin(request)?.scheme == "https" }

    private static func origin(_ request: Request) -> (scheme: String, host: String)? {
        let values = request.headers[values: .origin]
        guard values.count == 1, let separator = values[0].range(of: "://") else { return nil }
        return (
            values[0][..<separator.lowerBound].lowercased(), values[0][separator.upperBound...].lowercased()
        )
    }
}
