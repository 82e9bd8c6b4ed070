// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import JSONOutput
import Logging
import NIOCore
import OTP
import SMSKit
import SendGuard

/// One request to a route of ``OTPRoutes``.
struct VerificationCall {
    private let keyed: KeyedRequest
    let operation: Operation

    var routes: OTPRoutes { self.keyed.routes }
    var request: Request { self.keyed.request }
    var logger: Logger { self.keyed.logger }

    init(
        _ routes: OTPRoutes,
        _ request: Request,
        _ peer: SocketAddress?,
        _ operation: Operation,
        _ logger: Logger
    ) {
        self.keyed = KeyedRequest(routes: routes, request: request, peer: peer, logger: logger)
        self.operation = operation
    }

    /// Checks the request, calls the service, and returns the HTTP response.
    ///
    /// - Throws: ``HTTPProblem`` or an error of the service.
    func response() async throws -> Response {
        let key = try self.keyed.authorize(self.operation.scopes)
        try self.keyed.checkHeaders()
        let idempotencyKey = try self.idempotencyKey()
        let body = Array(try await self.keyed.body().readableBytesView)
        let fields = try RequestFields(body, for: self.operation)
        let service = try self.tenant(fields, for: key).value
        guard let idempotencyKey, let store = self.routes.idempotency else {
            return try await self.perform(fields, service, seed: nil)
        }
        let scope = [key.id, self.operation.rawValue]
        let request = service.idempotentRequest(key: idempotencyKey, scope: scope, body: body)
        return try await self.performOnce(request, fields, service, store)
    }

    /// Calls the service method for the operation.
    ///
    /// - Parameters:
    ///   - fields: The body of the request.
    ///   - service: The service of the tenant.
    ///   - seed: The seed from which the ID and the secret of the new challenge are derived; `nil` for random values.
    /// - Returns: The response.
    /// - Throws: ``HTTPProblem`` or an error of the service.
    func perform(_ fields: RequestFields, _ service: OTPService, seed: ChallengeSeed?) async throws -> Response {
        switch self.operation {
        case .issue: return try await self.issue(fields, service, seed)
        case .check: return try await self.check(fields, service)
        case .resend: return try await self.resend(fields, service)
        case .cancel:
            try await service.cancel(for: fields.number(self.routes.plan), token: fields.token())
            return .noContent
        case .status:
            let status = try await service.status(for: fields.number(self.routes.plan), token: fields.token())
            return Response(self.operation.success, JSONText(status, codeLength: service.codeLength))
        }
    }

    // MARK: Operations

    private func issue(
        _ fields: RequestFields,
        _ service: OTPService,
        _ seed: ChallengeSeed?
    ) async throws -> Response {
        let challenge = try await service.issue(
            for: fields.number(self.routes.plan),
            purpose: fields.purpose(),
            context: fields.context(),
            locale: self.locale(fields, service),
            client: self.client(fields),
            seed: seed
        )
        return Response(self.operation.success, JSONText(challenge, codeLength: service.codeLength))
    }

    private func resend(_ fields: RequestFields, _ service: OTPService) async throws -> Response {
        let challenge = try await service.resend(
            for: fields.number(self.routes.plan),
            token: fields.token(),
            purpose: fields.purpose(),
            context: fields.context(),
            locale: self.locale(fields, service),
            client: self.client(fields)
        )
        return Response(self.operation.success, JSONText(challenge, codeLength: service.codeLength))
    }

    private func check(_ fields: RequestFields, _ service: OTPService) async throws -> Response {
        let proof = try await service.verify(
            fields.string(.code),
            for: fields.number(self.routes.plan),
            token: fields.token(),
            purpose: fields.purpose(),
            context: fields.context(),
            client: self.client(fields)
        )
        let device = service.hasDeviceLane ? service.deviceToken(for: proof) : nil
        return Response(self.operation.success, JSONText(proof, device))
    }

    // MARK: The request

    /// Returns the service of the request's tenant.
    ///
    /// An unknown tenant causes the same error as a tenant that the key must not use.
    private func tenant(_ fields: RequestFields, for key: APIKey) throws(HTTPProblem) -> Boxed<OTPService> {
        let name = try fields.optionalString(.tenant) ?? key.tenant ?? OTPRoutes.defaultTenant
        guard key.tenant.map({ $0 == name }) ?? true, let tenant = self.routes.tenants[name] else {
            throw HTTPProblem(.forbidden)
        }
        return tenant
    }

    /// Returns the language of the message; `nil` for the default language.
    ///
    /// The body takes precedence over the header `Accept-Language`.
    private func locale(_ fields: RequestFields, _ service: OTPService) throws(HTTPProblem) -> MessageLocale? {
        if let tag = try fields.optionalString(.locale) {
            guard MessageLocale(languageTag: tag) != nil else {
                throw HTTPProblem(.invalidRequest, "The member locale is not a language tag such as en or pt-BR.")
            }
            return service.locale(matching: tag)
        }
        let values = self.request.headers[values: .acceptLanguage]
        return values.isEmpty ? nil : service.locale(acceptLanguage: values.joined(separator: ","))
    }

    /// Returns the facts about the end user's client.
    ///
    /// The address of the client comes from the body, from a trusted proxy, or from the connection, in this order of
    /// precedence.
    private func client(_ fields: RequestFields) throws(HTTPProblem) -> ClientInfo {
        var info = try fields.client()
        info.source = info.source ?? self.keyed.source
        return info
    }
}

extension HTTPFields {
    /// Returns the values of all header fields with the given name, in the order of the request.
    func values(_ name: String) -> [String] {
        HTTPField.Name(name).map { self[values: $0] } ?? []
    }
}
