// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import Crypto
import HTTPTypes

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The checks that the gateway runs before it passes a request to the service.
///
/// The order that the real gateway uses is undocumented. ``table`` defines the order of the emulator.
struct GatewayChecks: Sendable {
    static let dateTolerance: TimeInterval = 15 * 60
    static let version = "2018-05-01"

    typealias Check = @Sendable (GatewayChecks) -> (inout GatewayCall, Date) throws(GatewayError) -> Void

    /// The checks in the order of execution.
    static let table: [(name: String, check: Check)] =
        [("length", GatewayChecks.checkLength), ("action and version", GatewayChecks.checkAction)]
        + Self.authentication
        + [
            ("permission", GatewayChecks.checkPermission), ("injected error", GatewayChecks.checkInjectedError),
            ("throttling", GatewayChecks.checkRate),
            ("parameters", GatewayChecks.checkParameters),
        ]

    /// The authentication checks, which are the same for all services.
    static let authentication: [(name: String, check: Check)] = [
        ("authorization", GatewayChecks.checkAuthorization),
        ("access key", GatewayChecks.checkAccessKey),
        ("date", GatewayChecks.checkDate),
        ("nonce", GatewayChecks.checkNonce),
        ("body digest", GatewayChecks.checkBodyDigest),
        ("signature", GatewayChecks.checkSignature),
        ("nonce consumption", GatewayChecks.consumeNonce),
        ("token", GatewayChecks.checkToken),
    ]

    let accessKeys: AccessKeys
    let settings: GatewaySettings
    let permissionDenial: AccountSettings.PermissionDenial
    let rates: RequestRates
    let nonces = NonceCache()

    /// Runs the checks.
    ///
    /// If ``GatewaySettings/acceptsAnyRequest`` is set, the authentication and permission checks are skipped.
    func run(_ call: inout GatewayCall, at now: Date) throws(GatewayError) {
        guard !self.settings.acceptsAnyRequest else { return try self.runUnauthenticated(&call, at: now) }
        for entry in Self.table {
            try entry.check(self)(&call, now)
        }
    }

    /// Runs all checks except authentication and permission.
    private func runUnauthenticated(_ call: inout GatewayCall, at now: Date) throws(GatewayError) {
        if let header = call.header("authorization").flatMap(AuthorizationHeader.init) { call.scheme = .v3(header) }
        let skipped = Set(Self.authentication.map(\.name) + ["permission"])
        for entry in Self.table where !skipped.contains(entry.name) {
            try entry.check(self)(&call, now)
        }
    }

    /// Runs the authentication checks on a request to the Security Token Service (STS).
    func authenticate(_ call: inout GatewayCall, at now: Date) throws(GatewayError) {
        for entry in Self.authentication {
            try entry.check(self)(&call, now)
        }
    }

    private func checkLength(_ call: inout GatewayCall, at now: Date) throws(GatewayError) {
        guard let maximum = self.settings.maximumTargetLength, call.targetLength > maximum else { return }
        throw GatewayError(414, "InvalidParameter", "The URL is too long.")
    }

    private func checkAction(_ call: inout GatewayCall, at now: Date) throws(GatewayError) {
        guard let action = call.action, GatewayActions.action(named: action) != nil else {
            throw GatewayError(
                404,
                "InvalidAction.NotFound",
                "Specified api is not found, please check your url and method."
            )
        }
        guard call.version == Self.version || (call.skipsAuthentication && call.version == nil) else {
            throw GatewayError(400, "InvalidVersion", "Specified parameter Version is not valid.")
        }
    }

    private func checkAuthorization(_ call: inout GatewayCall, at now: Date) throws(GatewayError) {
        guard let text = call.header("authorization") else {
            guard call.isRPC, call.parameter("Signature") != nil else {
                throw GatewayError(400, "IncompleteSignature", "The request carries no signature.")
            }
            guard
                self.settings.acceptsRPCSignature, call.parameter("SignatureMethod") == "HMAC-SHA1",
                call.parameter("SignatureVersion") == "1.0",
                call.parameter("AccessKeyId") != nil
            else { throw GatewayError(400, "InvalidSignatureMethod", "Specified signature method is not valid.") }
            call.scheme = .rpc
            return
        }
        guard let header = AuthorizationHeader(text) else {
            throw GatewayError(400, "IncompleteSignature", "The Authorization header is malformed.")
        }
        // The signature must cover the content type, because the content type decides whether the body is parsed as parameters.
        let required = call.headers.map(\.name.canonicalName).filter { $0.hasPrefix("x-acs-") || $0 == "content-type" }
        guard Set(required + ["host"]).isSubset(of: header.signedHeaders) else {
            throw GatewayError(
                400,
                "IncompleteSignature",
                "SignedHeaders must name host, every x-acs-* header and, if one is sent, content-type."
            )
        }
        call.scheme = .v3(header)
    }

    private func checkAccessKey(_ call: inout GatewayCall, at now: Date) throws(GatewayError) {
        guard let accessKey = call.accessKeyID.flatMap({ self.accessKeys.key(id: $0) }) else {
            throw GatewayError(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.")
        }
        guard accessKey.isActive else {
            throw GatewayError(400, "InvalidAccessKeyId.Inactive", "Specified access key is disabled.")
        }
        call.accessKey = accessKey
    }

    private func checkDate(_ call: inout GatewayCall, at now: Date) throws(GatewayError) {
        guard let date = call.date.flatMap(SignatureDate.parse) else {
            throw GatewayError(400, "InvalidTimeStamp.Format", "Specified time stamp is missing or not well formatted.")
        }
        guard abs(date.timeIntervalSince(call.validationDate ?? now)) <= Self.dateTolerance else {
            throw GatewayError(400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.")
        }
    }

    private func checkNonce(_ call: inout GatewayCall, at now: Date) throws(GatewayError) {
        guard let nonce = call.nonce, (1...128).contains(nonce.utf8.count) else {
            throw GatewayError(400, "MissingParameter", "The signature nonce is missing or too long.")
        }
        if self.nonces.contains(nonce, of: call.accessKeyID ?? "", at: call.validationDate ?? now) {
            throw Self.nonceUsed
        }
    }

    /// Marks the nonce as used.
    ///
    /// This check runs after the signature check, so that a forged request cannot use up a nonce.
    private func consumeNonce(_ call: inout GatewayCall, at now: Date) throws(GatewayError) {
        guard self.nonces.insert(call.nonce ?? "", of: call.accessKeyID ?? "", at: call.validationDate ?? now) else {
            throw Self.nonceUsed
        }
    }

    private static var nonceUsed: GatewayError {
        GatewayError(400, "SignatureNonceUsed", "Specified signature nonce was used already.")
    }

    private func checkBodyDigest(_ call: inout GatewayCall, at now: Date) throws(GatewayError) {
        guard case .v3 = call.scheme else { return }
        guard call.header("x-acs-content-sha256") == CanonicalRequest.hexDigest(call.body) else {
            throw self.signatureDoesNotMatch(call, "x-acs-content-sha256 is not the digest of the body.")
        }
    }

    private func checkSignature(_ call: inout GatewayCall, at now: Date) throws(GatewayError) {
        guard let secret = call.accessKey?.credential.accessKeySecret,
            let expected = Self.signature(of: call, secret: secret)
        else {
            throw self.signatureDoesNotMatch(call)
        }
        let received: String? =
            if case .v3(let header) = call.scheme { header.signature } else { call.parameter("Signature") }
        guard let received, Self.isEqual(expected, received) else { throw self.signatureDoesNotMatch(call) }
    }

    /// Returns the error for an invalid signature.
    ///
    /// If the emulator finds the client's mistakes (``SignatureMistake``), the error explains them. The error of the real
    /// gateway contains no explanation.
    private func signatureDoesNotMatch(
        _ call: GatewayCall,
        _ reason: String = "Specified signature is not matched with our calculation."
    ) -> GatewayError {
        let mistake = SignatureDiagnosis(of: call, accessKeys: self.accessKeys)?.summary
        return GatewayError(400, "SignatureDoesNotMatch", mistake.map { "\(reason) Emulator: \($0)." } ?? reason)
    }

    /// Returns the expected signature of a request, computed over the headers that the request declares as signed.
    private static func signature(of call: GatewayCall, secret: String) -> String? {
        guard case .v3(let header) = call.scheme else {
            return RPCSignature(method: call.method, parameters: call.parameters).signature(secret: secret)
        }
        var headers: [(name: String, value: String)] = []
        for name in header.signedHeaders {
            guard let value = call.header(name) else { return nil }
            headers.append((name, value))
        }
        let canonical = CanonicalRequest(
            method: call.method,
            path: call.path,
            query: call.query,
            headers: headers,
            bodyDigest: call.header("x-acs-content-sha256") ?? ""
        )
        return canonical.signature(secret: secret)
    }

    /// Compares two strings in constant time, if their lengths are equal.
    private static func isEqual(_ left: String, _ right: String) -> Bool {
        SymmetricKey(data: Array(left.utf8)) == SymmetricKey(data: Array(right.utf8))
    }

    private func checkToken(_ call: inout GatewayCall, at now: Date) throws(GatewayError) {
        switch (call.accessKey?.credential.securityToken, call.securityToken) {
        case (nil, nil):
            return
        case (.some, nil):
            throw GatewayError(400, "MissingSecurityToken", "SecurityToken is mandatory for this action.")
        case (let expected, let received?):
            guard let expected, Self.isEqual(expected, received) else {
                throw GatewayError(
                    400,
                    "InvalidSecurityToken.MismatchWithAccessKey",
                    "Specified SecurityToken mismatch with the AccessKey."
                )
            }
        }
        guard call.accessKey?.isExpired(at: now) != true else {
            throw GatewayError(400, "InvalidSecurityToken.Expired", "Specified SecurityToken is expired.")
        }
    }

    private func checkPermission(_ call: inout GatewayCall, at now: Date) throws(GatewayError) {
        guard let key = call.accessKey, let permission = call.action.flatMap(GatewayActions.action)?.permission,
            !key.allows(permission)
        else { return }
        let isByGateway = self.permissionDenial == .gateway
        var error = GatewayError(
            isByGateway ? 403 : 200,
            isByGateway ? "NoPermission" : "RAM_PERMISSION_DENY",
            "The AccessKey may not do \(permission)."
        )
        error.usesServiceFormat = !isByGateway
        error.accessDenied = AccessDenial(key, action: permission)
        throw error
    }

    private func checkInjectedError(_ call: inout GatewayCall, at now: Date) throws(GatewayError) {
        if let error = call.injectedError { throw error }
    }

    private func checkRate(_ call: inout GatewayCall, at now: Date) throws(GatewayError) {
        guard let action = call.action, let wait = self.rates.take(action, at: now) else { return }
        var error = GatewayError(400, "Throttling.User", "Request was denied due to user flow control.")
        error.retryAfter = wait
        throw error
    }

    private func checkParameters(_ call: inout GatewayCall, at now: Date) throws(GatewayError) {
        let names = call.parameters.map(\.name)
        guard !call.isMalformed, Set(names).count == names.count else {
            throw GatewayError(400, "InvalidParameter", "A parameter occurs twice or cannot be decoded.")
        }
        let required = call.action.flatMap(GatewayActions.action)?.requiredParameters ?? []
        for name in required where !names.contains(name) {
            throw GatewayError(400, "Missing\(name)", "\(name) is mandatory for this action.")
        }
    }
}
