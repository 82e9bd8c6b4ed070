// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird

/// A middleware that rejects requests with a disallowed host in the `Host` or `Origin` header.
///
/// The `Host` check prevents DNS rebinding. In this attack, a website changes the DNS address of its own host name to
/// 127.0.0.1. The scripts of the website could then read responses of the emulator. The browser still sends the host name of
/// the website in the `Host` header.
///
/// The `Origin` check prevents cross-site request forgery, because a browser adds the origin of the website to such requests.
struct HostGuard<Context: RequestContext>: RouterMiddleware {
    let allowedHosts: Set<String>

    /// Creates a guard.
    ///
    /// - Parameter hosts: The allowed hosts, in addition to loopback. IPv6 addresses can be written with or without brackets.
    init(_ hosts: [String]) {
        let bracketed = hosts.map { $0.contains(":") && !$0.hasPrefix("[") ? "[\($0)]" : $0 }
        self.allowedHosts = Set(["localhost", "127.0.0.1", "[::1]"] + bracketed.map { $0.lowercased() })
    }

    func handle(
        _ request: Request,
        context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard self.allows(request.head.authority ?? "") else { throw Problem.hostNotAllowed }
        if let origin = HTTPField.Name("origin").flatMap({ request.headers[$0] }), !self.allows(origin: origin) {
            throw Problem.originNotAllowed
        }
        return try await next(request, context)
    }

    private func allows(origin: String) -> Bool {
        guard let end = origin.firstRange(of: "://") else { return false }
        return self.allows(String(origin[end.upperBound...]))
    }

    private func allows(_ authority: String) -> Bool {
        var host = authority.lowercased()[...]
        if let colon = host.lastIndex(of: ":"), host[colon...].dropFirst().allSatisfy(\.isNumber), !host.hasSuffix("]")
        {
            host = host[..<colon]
        }
        return self.allowedHosts.contains(String(host))
    }
}
