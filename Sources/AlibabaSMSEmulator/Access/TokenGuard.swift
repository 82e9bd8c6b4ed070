// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird

/// A middleware that rejects requests without the token, if a token is required.
struct TokenGuard<Context: RequestContext>: RouterMiddleware {
    let token: InboxToken?

    func handle(
        _ request: Request,
        context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard self.allows(request) else { throw Problem.noToken }
        return try await next(request, context)
    }

    /// Returns `true` if no token is required, or if the request contains the token or the session cookie.
    func allows(_ request: Request) -> Bool {
        guard let token = self.token else { return true }
        if let header = request.headers[.authorization] {
            let words = header.split(separator: " ", maxSplits: 1)
            return words.count == 2 && words[0].lowercased() == "bearer" && token.matches(String(words[1]))
        }
        let cookies = request.headers[values: .cookie].flatMap { $0.split(separator: ";") }
        return cookies.contains { cookie in
            let parts = cookie.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
            return parts.count == 2 && parts[0] == token.cookieName && token.matches(cookieValue: String(parts[1]))
        }
    }
}
