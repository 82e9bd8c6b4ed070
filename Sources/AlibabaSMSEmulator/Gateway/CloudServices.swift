// SPDX-License-Identifier: Apache-2.0

import Hummingbird

/// The cloud services that share the path `/`: the SMS gateway and the Security Token Service (STS).
struct CloudServices: Sendable {
    let gateway: GatewayRoute
    let sts: SecurityTokenRoute
    let recorder: RequestRecorder

    /// Passes a request to the addressed service.
    func respond(to request: Request, _ context: EmulatorRequestContext) async throws -> Response {
        guard !SecurityTokenRoute.isTarget(of: request) else { return await self.sts.respond(to: request) }
        return try await self.recorder.respond(to: request) {
            try await self.gateway.respond(to: $0, requestID: $1, on: context.connection)
        }
    }

    /// Returns whether a request is addressed to a cloud service rather than to the inbox page, which has the same path.
    ///
    /// Requests to a cloud service name an action in a parameter or a header.
    static func areAddressed(by request: Request) -> Bool {
        let call = GatewayCall(request, body: [])
        return call.parameter("Action") != nil || call.header("x-acs-action") != nil
            || SecurityTokenRoute.isTarget(of: request)
    }
}

/// Routes requests that name an action to the cloud services, and all other requests to the inbox.
struct CloudServiceMiddleware: RouterMiddleware {
    typealias Context = EmulatorRequestContext

    let services: CloudServices

    func handle(
        _ request: Request,
        context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard CloudServices.areAddressed(by: request) else { return try await next(request, context) }
        return try await self.services.respond(to: request, context)
    }
}
