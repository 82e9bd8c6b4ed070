// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
public import Hummingbird

/// The HTTP route to which an SMS gateway pushes delivery reports.
///
/// | route | status on success |
/// |---|---|
/// | `POST /v1/delivery-reports/{path-secret}` | 200 |
///
/// The gateway sends no API key. Instead, the last component of the path is a secret. If the secret is wrong, the response is
/// 404, and the body is not read. For methods other than `POST`, the response is 405. Every error is an ``HTTPProblem``.
///
/// The routes work with any gateway, because closures check the secret and parse the body.
///
/// A delivery report is only a hint. Never use it to verify a code.
public struct DeliveryReportRoutes: Sendable {
    static let path = "/v1/delivery-reports/{\(Self.parameter)}"
    static let parameter = "path-secret"

    /// The maximum size of a request body in bytes.
    public static let maximumBodySize = 1_024 * 1_024

    private let accepts: @Sendable (_ secret: String) -> Bool
    private let receive: @Sendable (_ secret: String, _ body: [UInt8]) async throws(HTTPProblem) -> [UInt8]

    /// Creates the routes.
    ///
    /// - Parameters:
    ///   - accepts: Returns whether the last component of the path is the secret. The closure must compare in constant time.
    ///   - receive: Processes the body of a push, and returns the JSON document that the gateway expects as the response.
    public init(
        accepts: @escaping @Sendable (_ secret: String) -> Bool,
        receive: @escaping @Sendable (_ secret: String, _ body: [UInt8]) async throws(HTTPProblem) -> [UInt8]
    ) {
        self.accepts = accepts
        self.receive = receive
    }

    /// Adds the route to a router or a group of routes.
    ///
    /// - Parameter router: The router. Its access log must not contain paths, because the path contains the secret.
    public func add<Context: RequestContext>(to router: some RouterMethods<Context>) {
        router.post(RouterPath(Self.path)) { request, context in
            try await self.respond(to: request, context.parameters.get(Self.parameter))
        }
        router.rejectMethods(except: [.post], at: Self.path)
    }

    private func respond(to request: Request, _ secret: String?) async throws(HTTPProblem) -> Response {
        guard let secret, self.accepts(secret) else { throw HTTPProblem(.notFound) }
        try request.checkQuery()
        // The media type is not checked, because no gateway documents the media type of its pushes.
        guard request.headers[.contentEncoding] == nil else { throw HTTPProblem(.unsupportedMediaType) }
        let body = try await request.body(upTo: Self.maximumBodySize)
        let document = try await self.receive(secret, Array(body.readableBytesView))
        return Response(.ok, bytes: document, mediaType: "application/json")
    }
}
