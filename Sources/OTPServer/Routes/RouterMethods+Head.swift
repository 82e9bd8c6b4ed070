// SPDX-License-Identifier: Apache-2.0

import Hummingbird

extension RouterMethods {
    /// Adds a route for `GET` and for `HEAD`, which load balancers and monitors often use.
    ///
    /// The response to `HEAD` has no body.
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
