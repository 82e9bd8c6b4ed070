// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import HTTPTypes
import Hummingbird
import NIOCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The route of the Security Token Service, API version 2015-04-01.
///
/// The route serves `GET /` and `POST /` for requests that are addressed to STS.
struct SecurityTokenRoute: Sendable {
    static let version = "2015-04-01"
    static let maximumBodySize = 128 * 1024

    let checks: GatewayChecks
    let accessKeys: AccessKeys
    /// The roles that can be assumed; an empty list allows every role, with all permissions.
    let roles: [RAMRole]
    let clock: EmulatorClock

    /// Returns whether a request is addressed to STS rather than to the SMS gateway at the same URL.
    static func isTarget(of request: Request) -> Bool {
        let call = GatewayCall(request, body: [])
        return Self.version(of: call) == Self.version || Self.action(of: call)?.hasPrefix("AssumeRole") == true
    }

    func respond(to request: Request) async -> Response {
        let requestID = UUID().uuidString
        let host = request.head.authority ?? ""
        do throws(GatewayError) {
            let body: [UInt8]
            do {
                body = Array(try await request.body.collect(upTo: Self.maximumBodySize).readableBytesView)
            } catch {
                throw GatewayError(413, "InvalidParameter", "The body is too big or was cut off.")
            }
            var call = GatewayCall(request, body: body)
            return Self.response(200, requestID, try self.perform(&call, requestID: requestID))
        } catch {
            return Self.response(
                error.status,
                requestID,
                SecurityTokenErrorResponse(requestID: requestID, hostID: host, code: error.code, message: error.message)
            )
        }
    }

    private func perform(_ call: inout GatewayCall, requestID: String) throws(GatewayError) -> SecurityTokenResponse {
        guard Self.version(of: call) == Self.version else {
            throw GatewayError(400, "InvalidVersion", "Specified parameter Version is not valid.")
        }
        switch Self.action(of: call) {
        case "AssumeRole": return try self.assumeRole(&call, requestID: requestID)
        case "AssumeRoleWithOIDC": return try self.assumeRoleWithOIDC(call, requestID: requestID)
        default:
            let message = "Specified api is not found, please check your url and method."
            throw GatewayError(404, "InvalidAction.NotFound", message)
        }
    }

    private func assumeRole(_ call: inout GatewayCall, requestID: String) throws(GatewayError) -> SecurityTokenResponse
    {
        call.validationDate = self.clock.clientTime
        try self.checks.authenticate(&call, at: self.clock.now)
        guard call.accessKey?.allows("sts:AssumeRole") == true else {
            throw GatewayError(403, "NoPermission", "The AccessKey may not do sts:AssumeRole.")
        }
        return try self.issue(try RoleRequest(call), requestID: requestID, token: nil)
    }

    private func assumeRoleWithOIDC(_ call: GatewayCall, requestID: String) throws(GatewayError)
        -> SecurityTokenResponse
    {
        let request = try RoleRequest(call)
        guard let provider = call.parameter("OIDCProviderArn") else { throw RoleRequest.missing("OIDCProviderArn") }
        guard let text = call.parameter("OIDCToken") else { throw RoleRequest.missing("OIDCToken") }
        guard provider.hasPrefix("acs:ram::"), provider.contains(":oidc-provider/") else {
            throw GatewayError(401, "AuthenticationFail.NoPermission", "No such identity provider is known.")
        }
        let token = try OIDCToken(text, at: self.clock.now)
        return try self.issue(request, requestID: requestID, token: token)
    }

    private func issue(
        _ request: RoleRequest,
        requestID: String,
        token: OIDCToken?
    ) throws(GatewayError) -> SecurityTokenResponse {
        let known = self.roles.first { $0.name.lowercased() == request.roleName.lowercased() }
        guard
            let role = self.roles.isEmpty
                ? RAMRole(name: request.roleName, policies: [.administratorAccess]) : known
        else { throw GatewayError(404, "EntityNotExist.Role", "There is no such role.") }
        let key = self.accessKeys.issue(
            role,
            session: request.sessionName,
            sessionPolicy: request.sessionPolicy,
            for: request.duration,
            at: self.clock.now
        )
        return SecurityTokenResponse(key, request: request, requestID: requestID, token: token)
    }

    private static func action(of call: GatewayCall) -> String? {
        call.header("x-acs-action") ?? call.parameter("Action")
    }

    private static func version(of call: GatewayCall) -> String? {
        call.header("x-acs-version") ?? call.parameter("Version")
    }

    private static func response(_ status: Int, _ requestID: String, _ content: some Encodable) -> Response {
        var response = Response(status: .init(code: status), json: content)
        if let name = HTTPField.Name("x-acs-request-id") { response.headers[name] = requestID }
        return response
    }
}
