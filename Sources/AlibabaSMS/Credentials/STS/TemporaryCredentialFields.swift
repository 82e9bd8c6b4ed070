import StrictJSON

/// A temporary credential as all services of Alibaba write it.
struct TemporaryCredentialFields: Decodable, Sendable {
    /// `Success`, where the service states it.
    let code: String?
    let accessKeyID: String?
    let accessKeySecret: String?
    let securityToken: String?
    let expiration: String?

    private enum CodingKeys: String, CodingKey {
        case code = "Code"
        case accessKeyID = "AccessKeyId"
        case accessKeySecret = "AccessKeySecret"
        case securityToken = "SecurityToken"
        case expiration = "Expiration"
    }

    /// The credential, if all of its parts are there and well formed.
    func credential(from service: String) throws(AlibabaSMSError) -> AlibabaCredential {
        guard
            let id = self.accessKeyID, let secret = self.accessKeySecret, let token = self.securityToken,
            !token.isEmpty, let expiration = self.expiration.flatMap(SignatureDate.parse)
        else { throw .unavailable(service, "the answer of \(service) lacks a part of the credential") }
        do {
            return try AlibabaCredential(
                accessKeyID: id,
                accessKeySecret: secret,
                securityToken: token,
                expiration: expiration
            )
        } catch {
            throw .unavailable(service, "the answer of \(service) cannot be used: \(error.message)")
        }
    }
}

extension GatewayResponse {
    /// The body as a value, or `nil` if it is none.
    func decode<Fields: Decodable>(_ type: Fields.Type) -> Fields? {
        try? self.json?.decode(type)
    }

    /// Why a service gave no credential: its status, code and request ID, but none of its words, which may quote the
    /// request.
    func refusal(of service: String) -> AlibabaSMSError {
        let fields = self.decode(Refusal.self)
        var message = "\(service) answered HTTP \(self.status)"
        if let code = fields?.code.flatMap(SafeText.wellFormedCode) { message += ", code \(code)" }
        if let id = SafeText.requestID(fields?.requestID) { message += ", request \(id)" }
        return .unavailable(service, message)
    }
}

/// What of a refusal is worth telling.
private struct Refusal: Decodable {
    let code: String?
    let requestID: String?

    private enum CodingKeys: String, CodingKey {
        case code = "Code"
        case requestID = "RequestId"
    }
}
