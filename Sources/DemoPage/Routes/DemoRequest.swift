// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird

/// The checks of a request to the page.
enum DemoRequest {
    /// The host names with which a browser on this machine can reach the page.
    private static let hosts: Set<String> = ["localhost", "127.0.0.1", "[::1]"]

    /// Checks that the `Host` header of a request names this machine.
    ///
    /// The check prevents DNS rebinding, in which a website resolves its own name to 127.0.0.1 to read the page.
    ///
    /// - Throws: An HTTP error with status 403.
    static func checkHost(_ request: Request) throws(HTTPError) {
        var host = (request.head.authority ?? "").lowercased()[...]
        if let colon = host.lastIndex(of: ":"), !host.hasSuffix("]") { host = host[..<colon] }
        guard self.hosts.contains(String(host)) else { throw HTTPError(.forbidden) }
    }

    /// Checks that a form was submitted by this page.
    ///
    /// The cookie does not prove this, because a browser also sends the cookie with forms of pages on other ports of the same
    /// host.
    ///
    /// - Throws: An HTTP error with status 403.
    static func checkOrigin(_ request: Request) throws(HTTPError) {
        guard let origin = request.headers[.origin] else { return }
        guard origin == "http://\(request.head.authority ?? "")" else { throw HTTPError(.forbidden) }
    }
}
