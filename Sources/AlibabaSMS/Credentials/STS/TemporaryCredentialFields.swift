// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// A temporary credential in the JSON format that all Alibaba services use.
struct TemporaryCredentialFields: Decodable, Sendable {
    /// The result code, which is `Success` if the metadata service or a credentials URI returned a credential.
    ///
    /// The value is `nil` in responses of the Security Token Service, which contain no result code.
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

    /// Returns the credential, or throws an error if a value is missing or malformed.
    func credential(from service: String) throws(AlibabaSMSError) -> AlibabaCredential {
        guard
            let id = self.accessKeyID, let secret = self.accessKeySecret, let token = self.securityToken,
            !token.isEmpty, let expiration = self.expiration.flatMap(SignatureDate.parse)
        else { throw .unavailable(service, "the response of \(service) lacks a part of the credential") }
        do {
            return try AlibabaCredential(
                accessKeyID: id,
                accessKeySecret: secret,
                securityToken: token,
                expiration: expiration
            )
        } catch {
            throw .unavailable(service, "the response of \(service) is invalid: \(error.message)")
        }
    }
}

extension GatewayResponse {
    /// Decodes the body as a type, or returns `nil` if the body does not match the type.
    func decode<Fields: Decodable>(_ type: Fields.Type) -> Fields? {
        try? self.json?.decode(type)
    }

    /// Returns the error for a rejected request, with the HTTP status, the error code and the request ID.
    ///
    /// The error omits the service's own description, which may quote the request.
    func rejection(by service: String) -> AlibabaSMSError {
        let fields = self.decode(RejectionFields.self)
        var message = "\(service) returned HTTP \(self.status)"
        if let code = fields?.code.flatMap(SafeText.wellFormedCode) { message += ", code \(code)" }
        if let id = SafeText.requestID(fields?.requestID) { message += ", request \(id)" }
        return .unavailable(service, message)
    }
}

/// The fields of an error response that an error message may quote: the code and the request ID.
private struct RejectionFields: Decodable {
    let code: String?
    let requestID: String?

    private enum CodingKeys: String, CodingKey {
        case code = "Code"
        case requestID = "RequestId"
    }
}
