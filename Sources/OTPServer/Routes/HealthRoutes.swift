// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
public import Hummingbird
import JSONOutput

/// The routes without an API key: `/livez`, `/readyz` and `/openapi.json`.
///
/// `/livez` responds with 200. `/readyz` responds with 503 while the server cannot serve requests, so that a load balancer uses
/// another instance. The routes support `GET` and `HEAD`.
public struct HealthRoutes: Sendable {
    private let isReady: @Sendable () async -> Bool

    /// Creates the routes.
    ///
    /// - Parameter isReady: Returns whether the server can serve requests, for example whether its store responds. The closure
    ///   must return within a few seconds.
    public init(isReady: @escaping @Sendable () async -> Bool) {
        self.isReady = isReady
    }

    /// The paths of the routes.
    static let paths = ["/livez", "/readyz", "/openapi.json"]

    /// Adds the routes to a router or a group of routes.
    ///
    /// - Parameter router: The router.
    public func add<Context: RequestContext>(to router: some RouterMethods<Context>) {
        router.getOrHead("/livez") { _, _ in Response(.ok, ["status": "ok"]) }
        router.getOrHead("/readyz") { _, _ in
            guard await self.isReady() else { throw HTTPProblem(.unavailable) }
            return Response(.ok, ["status": "ok"])
        }
        router.getOrHead("/openapi.json") { _, _ in
            Response(.ok, bytes: OpenAPIDocument.bytes, mediaType: "application/json")
        }
        for path in Self.paths { router.rejectMethods(except: [.get, .head], at: path) }
    }
}
