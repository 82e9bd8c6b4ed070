// SPDX-License-Identifier: Apache-2.0

import Hummingbird

extension RouterMethods {
    /// Adds a route for `GET`, and the same route for `HEAD`, whose response has no body.
    ///
    /// Load balancers and monitors often use `HEAD`.
    ///
    /// - Parameters:
    ///   - path: The path.
    ///   - handler: A closure that returns the response to `GET`.
    func getOrHead(
        _ path: String,
        use handler: @escaping @Sendable (Request, Context) async throws -> Response
    ) {
        self.on(RouterPath(path), method: .get, use: handler)
        self.on(RouterPath(path), method: .head) { request, context in
            try await handler(request, context).createHeadResponse()
        }
    }
}
