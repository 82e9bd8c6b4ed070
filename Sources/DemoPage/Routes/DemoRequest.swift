// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird

/// The checks of a request.
enum DemoRequest {
    /// The host names for requests from this machine.
    private static let hosts: Set<String> = ["localhost", "127.0.0.1", "[::1]"]

    /// Checks that the `Host` header of a request names this machine.
    ///
    /// The check prevents DNS rebinding. In this attack, a website resolves its own name to 127.0.0.1, and can then read the
    /// page.
    ///
    /// - Throws: An HTTP error with status 403.
    static func checkHost(_ request: Request) throws(HTTPError) {
        var host = (request.head.authority ?? "").lowercased()[...]
        if let colon = host.lastIndex(of: ":"), !host.hasSuffix("]") { host = host[..<colon] }
        guard self.hosts.contains(String(host)) else { throw HTTPError(.forbidden) }
    }

    /// Checks that a form is from this page.
    ///
    /// The cookie does not prove the origin of the form. A page on another port of the same host can also send a form with this
    /// cookie.
    ///
    /// - Throws: An HTTP error with status 403.
    static func checkOrigin(_ request: Request) throws(HTTPError) {
        guard let origin = request.headers[.origin] else { return }
        guard origin == "http://\(request.head.authority ?? "")" else { throw HTTPError(.forbidden) }
    }
}
