// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
public import Hummingbird
public import OTP
public import SMSKit

/// The HTTP routes for verification, which you can add to any Hummingbird router.
///
/// ```swift
/// let keys = try APIKeyRing(text: settings)
/// let router = Router(context: OTPRequestContext.self)
/// OTPRoutes(otp: otp, keys: keys).add(to: router)
/// ```
///
/// | route | status on success | scope of the API key |
/// |---|---|---|
/// | `POST /v1/verifications` | 201 | `issue` |
/// | `POST /v1/verifications/check` | 200 | `verify` |
/// | `POST /v1/verifications/resend` | 202 | `issue` |
/// | `POST /v1/verifications/cancel` | 204 | `issue` |
/// | `POST /v1/verifications/status` | 200 | `issue` or `verify` |
///
/// Phone numbers, tokens and codes are only in request bodies, never in URLs. Every error is an ``HTTPProblem``. The page
/// *HTTP* in the documentation describes the bodies.
public struct OTPRoutes: Sendable {
    /// The name of the default tenant.
    ///
    /// If neither the request nor its API key names a tenant, the request belongs to the default tenant.
    public static let defaultTenant = "default"

    private struct Parts: Sendable {
        let tenants: [String: Boxed<OTPService>]
        let service: OTPService
        let keys: APIKeyRing
        let plan: NumberingPlan
        let proxies: TrustedProxies
        let idempotency: (any IdempotencyStore)?
    }

    private let parts: Boxed<Parts>
    var wrongKeys = WrongKeyLimit()

    var tenants: [String: Boxed<OTPService>] { self.parts.value.tenants }
    /// The service of the tenant ``defaultTenant``.
    var service: OTPService { self.parts.value.service }
    var keys: APIKeyRing { self.parts.value.keys }
    var plan: NumberingPlan { self.parts.value.plan }
    var proxies: TrustedProxies { self.parts.value.proxies }
    var idempotency: (any IdempotencyStore)? { self.parts.value.idempotency }

    /// Creates the routes.
    ///
    /// - Parameters:
    ///   - otp: The service of the tenant ``defaultTenant``.
    ///   - tenants: The services of other tenants, keyed by the names of the tenants.
    ///   - keys: The accepted API keys.
    ///   - plan: The numbering plan for phone numbers in requests.
    ///   - proxies: The proxies that are trusted to state the address of a client.
    ///   - idempotency: The store for requests with the header `Idempotency-Key`; `nil` to reject such requests. All processes
    ///     of the service share the store.
    public init(
        otp: OTPService,
        tenants: [String: OTPService] = [:],
        keys: APIKeyRing,
        plan: NumberingPlan = .published,
        proxies: TrustedProxies = TrustedProxies(),
        idempotency: (any IdempotencyStore)? = nil
    ) {
        let services = tenants.merging([Self.defaultTenant: otp]) { _, otp in otp }
        self.parts = Boxed(
            Parts(
                tenants: services.mapValues(Boxed.init),
                service: otp,
                keys: keys,
                plan: plan,
                proxies: proxies,
                idempotency: idempotency
            )
        )
    }

    /// Adds the routes to a router or a group of routes.
    ///
    /// For each path, every method except `POST` has a response with the status 405.
    ///
    /// - Parameter router: The router. Its context must provide the address of the connection, as ``OTPRequestContext`` does.
    public func add<Context: RemoteAddressRequestContext>(to router: some RouterMethods<Context>) {
        Self.add(to: router) { self }
    }

    /// Adds the routes, and handles each request with the value that `current` returns.
    ///
    /// A reload of the settings can therefore replace the value.
    static func add<Context: RemoteAddressRequestContext>(
        to router: some RouterMethods<Context>,
        _ current: @escaping @Sendable () -> Self
    ) {
        for operation in Operation.allCases {
            let responder = OperationResponder<Context>(operation: operation, current: current)
            router.on(RouterPath(operation.path), method: .post, responder: responder)
            router.rejectMethods(except: [.post], at: operation.path)
        }
    }
}

/// Responds to the requests of one operation.
///
/// A responder has fewer asynchronous frames than a closure.
private struct OperationResponder<Context: RemoteAddressRequestContext>: HTTPResponder {
    let operation: Operation
    let current: @Sendable () -> OTPRoutes

    /// Returns the response to a request.
    ///
    /// An error is not thrown to the router, because each layer of the router would convert it again.
    @concurrent func respond(to request: Request, context: Context) async -> Response {
        do {
            return try await VerificationCall(
                self.current(),
                request,
                context.remoteAddress,
                self.operation,
                context.logger
            )
            .response()
        } catch {
            return HTTPProblem(error, log: context.logger).response(from: request, context: context)
        }
    }
}
