import AlibabaSMS
import FoundationEssentials
import HTTPTypes

/// What the gateway checks before the service sees a request.
///
/// The true order is not documented, so it stands in one table.
struct GatewayChecks: Sendable {
    static let dateTolerance: TimeInterval = 15 * 60
    static let version = "2018-05-01"
    static let requiredParameters = ["SendMessageToGlobe": ["To", "Message"]]

    typealias Check = @Sendable (GatewayChecks) -> (inout GatewayCall, Date) throws(GatewayFault) -> Void

    /// The checks in their order.
    static let table: [(name: String, check: Check)] =
        [("action and version", GatewayChecks.checkAction)] + Self.authentication
        + [("parameters", GatewayChecks.checkParameters)]

    /// The checks of who sent a request, which are the same for every service.
    static let authentication: [(name: String, check: Check)] = [
        ("authorization", GatewayChecks.checkAuthorization),
        ("access key", GatewayChecks.checkAccessKey),
        ("date", GatewayChecks.checkDate),
        ("nonce", GatewayChecks.checkNonce),
        ("body digest", GatewayChecks.checkBodyDigest),
        ("signature", GatewayChecks.checkSignature),
        ("nonce is used up", GatewayChecks.useNonce),
        ("token", GatewayChecks.checkToken),
    ]

    let accessKeys: AccessKeys
    let nonces = NonceMemory()

    /// Runs the checks in their order.
    func run(_ call: inout GatewayCall, at now: Date) throws(GatewayFault) {
        for entry in Self.table {
            try entry.check(self)(&call, now)
        }
    }

    /// Runs the checks of who sent a request to another service.
    func authenticate(_ call: inout GatewayCall, at now: Date) throws(GatewayFault) {
        for entry in Self.authentication {
            try entry.check(self)(&call, now)
        }
    }

    private func checkAction(_ call: inout GatewayCall, at now: Date) throws(GatewayFault) {
        guard let action = call.action, Self.requiredParameters[action] != nil else {
            throw GatewayFault(
                404,
                "InvalidAction.NotFound",
                "Specified api is not found, please check your url and method."
            )
        }
        guard call.version == Self.version else {
            throw GatewayFault(400, "InvalidVersion", "Specified parameter Version is not valid.")
        }
    }

    private func checkAuthorization(_ call: inout GatewayCall, at now: Date) throws(GatewayFault) {
        guard let text = call.header("authorization") else {
            guard call.isRPC else {
                throw GatewayFault(400, "IncompleteSignature", "The request carries no signature.")
            }
            guard
                call.parameter("SignatureMethod") == "HMAC-SHA1", call.parameter("SignatureVersion") == "1.0",
                call.parameter("AccessKeyId") != nil
            else { throw GatewayFault(400, "InvalidSignatureMethod", "Specified signature method is not valid.") }
            call.scheme = .rpc
            return
        }
        guard let header = AuthorizationHeader(text) else {
            throw GatewayFault(400, "IncompleteSignature", "The Authorization header is malformed.")
        }
        // The type decides whether the body is read as parameters, so it must not be changed on the way.
        let required = call.headers.map(\.name.canonicalName).filter { $0.hasPrefix("x-acs-") || $0 == "content-type" }
        guard Set(required + ["host"]).isSubset(of: header.signedHeaders) else {
            throw GatewayFault(
                400,
                "IncompleteSignature",
                "SignedHeaders must name host, every x-acs-* header and, if one is sent, content-type."
            )
        }
        call.scheme = .v3(header)
    }

    private func checkAccessKey(_ call: inout GatewayCall, at now: Date) throws(GatewayFault) {
        guard let accessKey = call.accessKeyID.flatMap({ self.accessKeys.key(id: $0) }) else {
            throw GatewayFault(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.")
        }
        guard accessKey.isActive else {
            throw GatewayFault(400, "InvalidAccessKeyId.Inactive", "Specified access key is disabled.")
        }
        call.accessKey = accessKey
    }

    private func checkDate(_ call: inout GatewayCall, at now: Date) throws(GatewayFault) {
        guard let date = call.date.flatMap(SignatureDate.parse) else {
            throw GatewayFault(400, "InvalidTimeStamp.Format", "Specified time stamp is missing or not well formatted.")
        }
        guard abs(date.timeIntervalSince(now)) <= Self.dateTolerance else {
            throw GatewayFault(400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.")
        }
    }

    private func checkNonce(_ call: inout GatewayCall, at now: Date) throws(GatewayFault) {
        guard let nonce = call.nonce, (1...128).contains(nonce.utf8.count) else {
            throw GatewayFault(400, "MissingParameter", "The signature nonce is missing or too long.")
        }
        if self.nonces.contains(nonce, of: call.accessKeyID ?? "", at: now) { throw Self.nonceUsed }
    }

    /// Only a request whose signature holds uses up its nonce: no one else may change what is remembered.
    private func useNonce(_ call: inout GatewayCall, at now: Date) throws(GatewayFault) {
        guard self.nonces.insert(call.nonce ?? "", of: call.accessKeyID ?? "", at: now) else { throw Self.nonceUsed }
    }

    private static var nonceUsed: GatewayFault {
        GatewayFault(400, "SignatureNonceUsed", "Specified signature nonce was used already.")
    }

    private func checkBodyDigest(_ call: inout GatewayCall, at now: Date) throws(GatewayFault) {
        guard case .v3 = call.scheme else { return }
        guard call.header("x-acs-content-sha256") == CanonicalRequest.hexDigest(call.body) else {
            throw self.signatureDoesNotMatch(call, "x-acs-content-sha256 is not the digest of the body.")
        }
    }

    private func checkSignature(_ call: inout GatewayCall, at now: Date) throws(GatewayFault) {
        guard let secret = call.accessKey?.credential.accessKeySecret,
            let expected = Self.signature(of: call, secret: secret)
        else {
            throw self.signatureDoesNotMatch(call)
        }
        let received: String? =
            if case .v3(let header) = call.scheme { header.signature } else { call.parameter("Signature") }
        guard let received, Self.isEqual(expected, received) else { throw self.signatureDoesNotMatch(call) }
    }

    /// The refusal of a wrong signature; it names the mistake if it is a known one, which the real gateway does not.
    private func signatureDoesNotMatch(
        _ call: GatewayCall,
        _ reason: String = "Specified signature is not matched with our calculation."
    ) -> GatewayFault {
        let mistake = SignatureDiagnosis(of: call, accessKeys: self.accessKeys)?.summary
        return GatewayFault(400, "SignatureDoesNotMatch", mistake.map { "\(reason) Emulator: \($0)." } ?? reason)
    }

    /// The signature that the request ought to carry, by the headers that it says it signed.
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

    /// Compares in a time that depends on the lengths only.
    private static func isEqual(_ left: String, _ right: String) -> Bool {
        guard left.utf8.count == right.utf8.count else { return false }
        return zip(left.utf8, right.utf8).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private func checkToken(_ call: inout GatewayCall, at now: Date) throws(GatewayFault) {
        switch (call.accessKey?.credential.securityToken, call.securityToken) {
        case (nil, nil):
            return
        case (.some, nil):
            throw GatewayFault(400, "MissingSecurityToken", "SecurityToken is mandatory for this action.")
        case (let expected, let received?):
            guard let expected, Self.isEqual(expected, received) else {
                throw GatewayFault(
                    400,
                    "InvalidSecurityToken.MismatchWithAccessKey",
                    "Specified SecurityToken mismatch with the AccessKey."
                )
            }
        }
        guard call.accessKey?.isExpired(at: now) != true else {
            throw GatewayFault(400, "InvalidSecurityToken.Expired", "Specified SecurityToken is expired.")
        }
    }

    private func checkParameters(_ call: inout GatewayCall, at now: Date) throws(GatewayFault) {
        let names = call.parameters.map(\.name)
        guard !call.isMalformed, Set(names).count == names.count else {
            throw GatewayFault(400, "InvalidParameter", "A parameter occurs twice or cannot be decoded.")
        }
        for name in Self.requiredParameters[call.action ?? ""] ?? [] where !names.contains(name) {
            throw GatewayFault(400, "Missing\(name)", "\(name) is mandatory for this action.")
        }
    }
}
