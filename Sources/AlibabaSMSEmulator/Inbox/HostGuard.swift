import Hummingbird

/// Refuses requests that name another host than this one.
///
/// A page on the internet can point its own name at 127.0.0.1 and read what answers there; it cannot forge the name.
struct HostGuard<Context: RequestContext>: RouterMiddleware {
    let allowedHosts: Set<String>

    init(alsoAllowed: [String]) {
        self.allowedHosts = Set(["localhost", "127.0.0.1", "[::1]"] + alsoAllowed.map { $0.lowercased() })
    }

    func handle(
        _ request: Request,
        context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard self.allows(request.head.authority ?? "") else { throw Problem.hostNotAllowed }
        return try await next(request, context)
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
