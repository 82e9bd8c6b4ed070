import HTTPTypes
import Hummingbird

/// Refuses requests that name another host than this one, and those that a page of another host makes.
///
/// A page on the internet can point its own name at 127.0.0.1 and read what answers there; it cannot forge the name. It
/// can also post to 127.0.0.1 without reading the answer; its browser then names the page's origin.
struct HostGuard<Context: RequestContext>: RouterMiddleware {
    let allowedHosts: Set<String>

    /// Creates a guard.
    ///
    /// - Parameter hosts: The hosts besides those of loopback, IPv6 addresses with or without brackets.
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
