import Hummingbird

/// The services at `/`: the gateway of messages, and the Security Token Service.
struct CloudServices: Sendable {
    let gateway: GatewayRoute
    let sts: SecurityTokenRoute
    let recorder: RequestRecorder

    /// Answers a request to one of the services.
    func respond(to request: Request, _ context: EmulatorRequestContext) async throws -> Response {
        guard !SecurityTokenRoute.isTarget(of: request) else { return await self.sts.respond(to: request) }
        return try await self.recorder.respond(to: request) {
            try await self.gateway.respond(to: $0, requestID: $1, on: context.connection)
        }
    }

    /// Whether a request is meant for a service and not for the inbox, whose page is at the same address.
    ///
    /// Either kind of call names its action, in a parameter or in a header.
    static func areMeant(by request: Request) -> Bool {
        let call = GatewayCall(request, body: [])
        return call.parameter("Action") != nil || call.header("x-acs-action") != nil
            || SecurityTokenRoute.isTarget(of: request)
    }
}

/// Lets the services answer before the inbox does.
struct CloudServiceMiddleware: RouterMiddleware {
    typealias Context = EmulatorRequestContext

    let services: CloudServices

    func handle(
        _ request: Request,
        context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard CloudServices.areMeant(by: request) else { return try await next(request, context) }
        return try await self.services.respond(to: request, context)
    }
}
