// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
public import Hummingbird

/// The HTTP route to which an SMS gateway pushes delivery reports.
///
/// | route | success |
/// |---|---|
/// | `POST /v1/delivery-reports/{path-secret}` | 200 |
///
/// The gateway sends no API key, so the last component of the path is a secret. The response to a `POST` with another secret is
/// that of a path that does not exist, and the body is not read. Every other method has the response of the status 405, with
/// any secret. The routes know no gateway: the closures check the secret and parse the body. Every error is an ``HTTPProblem``.
///
/// A delivery report is a hint. It must never verify a code.
public struct DeliveryReportRoutes: Sendable {
    static let path = "/v1/delivery-reports/{\(Self.parameter)}"
    static let parameter = "path-secret"

    /// The maximum number of bytes in the body of a push.
    public static let maximumBodySize = 1_024 * 1_024

    private let accepts: @Sendable (_ secret: String) -> Bool
    private let receive: @Sendable (_ secret: String, _ body: [UInt8]) async throws(HTTPProblem) -> [UInt8]

    /// Creates the routes.
    ///
    /// - Parameters:
    ///   - accepts: Returns whether the last component of the path is the secret. The closure must compare in constant time.
    ///   - receive: Processes a push, and returns the JSON document with which the gateway expects to be acknowledged.
    public init(
        accepts: @escaping @Sendable (_ secret: String) -> Bool,
        receive: @escaping @Sendable (_ secret: String, _ body: [UInt8]) async throws(HTTPProblem) -> [UInt8]
    ) {
        self.accepts = accepts
        self.receive = receive
    }

    /// Adds the route to a router or a group of routes.
    ///
    /// - Parameter router: The router. Its access log must contain templates of routes instead of paths.
    public func add<Context: RequestContext>(to router: some RouterMethods<Context>) {
        router.post(RouterPath(Self.path)) { request, context in
            try await self.respond(to: request, context.parameters.get(Self.parameter))
        }
        router.rejectMethods(except: [.post], at: Self.path)
    }

    private func respond(to request: Request, _ secret: String?) async throws(HTTPProblem) -> Response {
        guard let secret, self.accepts(secret) else { throw HTTPProblem(.notFound) }
        try request.checkQuery()
        // No gateway documents the media type of its pushes, so only an encoded body is refused.
        guard request.headers[.contentEncoding] == nil else { throw HTTPProblem(.unsupportedMediaType) }
        let body = try await request.body(upTo: Self.maximumBodySize)
        let document = try await self.receive(secret, Array(body.readableBytesView))
        return Response(.ok, bytes: document, mediaType: "application/json")
    }
}
