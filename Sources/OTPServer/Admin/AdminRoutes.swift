// SPDX-License-Identifier: Apache-2.0

public import Hummingbird
import OTP
public import SendGuard

/// The HTTP routes for operators, which you can add to any Hummingbird router.
///
/// ```swift
/// let routes = OTPRoutes(otp: otp, keys: keys)
/// routes.add(to: router)
/// AdminRoutes(routes, audit: stream).add(to: router)
/// ```
///
/// | route | status on success |
/// |---|---|
/// | `POST /v1/admin/guard/status` | 200 |
/// | `POST /v1/admin/guard/report` | 200 |
/// | `POST /v1/admin/guard/lockdown` | 200 |
/// | `POST /v1/admin/guard/set` | 200 |
/// | `POST /v1/admin/explain-number` | 200 |
/// | `POST /v1/admin/explain-decision` | 200 |
/// | `POST /v1/admin/unlock` | 204 |
/// | `POST /v1/admin/revoke` | 204 |
///
/// Each request needs an API key with the scope ``APIScope/admin``. The key must not be limited to a tenant. Phone numbers are
/// only in request bodies, never in URLs. Every error is an ``HTTPProblem``. Each change is recorded as an audit event with the
/// name of the API key. The page *HTTP* in the documentation describes the bodies.
public struct AdminRoutes: Sendable {
    private let live: LiveRoutes
    private let audit: any AuditHistory
    private let writesOperatorEvents: Bool?

    /// The current version of the verification routes.
    var routes: OTPRoutes { self.live.current }

    /// Returns the actions of an operator, on the service of the given routes.
    func actions(on routes: OTPRoutes) -> OperatorActions {
        OperatorActions(routes.service, audit: self.audit, writesOperatorEvents: self.writesOperatorEvents)
    }

    /// Creates the routes.
    ///
    /// - Parameters:
    ///   - routes: The verification routes. The operator routes use the API keys, the numbering plan and the trusted proxies
    ///     of the verification routes. They also use the service of the tenant ``OTPRoutes/defaultTenant``.
    ///   - audit: The stream of audit events, such as a `RedisAuditStream`.
    public init(_ routes: OTPRoutes, audit: any AuditHistory) {
        self.init(live: LiveRoutes(routes), audit: audit)
    }

    /// Creates the routes.
    ///
    /// Each request uses the current version of the live routes.
    ///
    /// - Parameters:
    ///   - live: The verification routes.
    ///   - audit: The stream of audit events.
    ///   - writesOperatorEvents: Whether `unlock` and `revoke` write their own audit events to the stream, before the change.
    ///     Pass `true` if the audit trail of the service does not store events, such as a trail that only sends webhooks. `nil`
    ///     means `true` for a service without an audit trail, and otherwise `false`.
    package init(live: LiveRoutes, audit: any AuditHistory, writesOperatorEvents: Bool? = nil) {
        self.live = live
        self.audit = audit
        self.writesOperatorEvents = writesOperatorEvents
    }

    /// Adds the routes to a router or a group of routes.
    ///
    /// For each path, every method except `POST` has a response with the status 405.
    ///
    /// - Parameter router: The router. Its context must provide the address of the connection, as ``OTPRequestContext`` does.
    public func add<Context: RemoteAddressRequestContext>(to router: some RouterMethods<Context>) {
        for operation in AdminOperation.allCases {
            router.on(RouterPath(operation.path), method: .post) { request, context in
                try await self.respond(to: request, context, operation)
            }
            router.rejectMethods(except: [.post], at: operation.path)
        }
    }

    private func respond(
        to request: Request,
        _ context: some RemoteAddressRequestContext,
        _ operation: AdminOperation
    ) async throws(HTTPProblem) -> Response {
        let routes = self.routes
        let keyed = KeyedRequest(
            routes: routes,
            request: request,
            peer: context.remoteAddress,
            logger: context.logger
        )
        do {
            return try await AdminCall(keyed: keyed, operation: operation, actions: self.actions(on: routes)).response()
        } catch {
            throw HTTPProblem(error, log: context.logger)
        }
    }
}
