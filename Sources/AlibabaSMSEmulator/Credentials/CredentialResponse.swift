import AlibabaSMS
import FoundationEssentials
import HTTPTypes
import Hummingbird
import JSONOutput
import NIOCore

/// The shape of a temporary credential in the answers of all services.
struct CredentialResponse: Encodable, Sendable {
    /// `Success` in the answers that are nothing but the credential.
    var code: String?
    /// When the credential was made, in those answers.
    var lastUpdated: String?
    var accessKeyID: String
    var accessKeySecret: String
    var securityToken: String?
    var expiration: String?

    /// The parts of a key.
    init(_ key: AccessKey) {
        self.accessKeyID = key.credential.accessKeyID
        self.accessKeySecret = key.credential.accessKeySecret
        self.securityToken = key.credential.securityToken
        self.expiration = key.expiration.map(SignatureDate.format)
    }

    /// The answer of the metadata service and of a credentials URI.
    init(_ key: AccessKey, updatedAt date: Date) {
        self.init(key)
        self.code = "Success"
        self.lastUpdated = SignatureDate.format(date)
    }

    private enum CodingKeys: String, CodingKey {
        case code = "Code"
        case lastUpdated = "LastUpdated"
        case accessKeyID = "AccessKeyId"
        case accessKeySecret = "AccessKeySecret"
        case securityToken = "SecurityToken"
        case expiration = "Expiration"
    }
}

extension Response {
    /// An answer in JSON that nobody keeps.
    init(status: HTTPResponse.Status, json answer: some Encodable) {
        let body = (try? JSONEncoder.compact.encode(answer)) ?? Data("{}".utf8)
        self.init(
            status: status,
            headers: [.contentType: "application/json;charset=utf-8", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(bytes: body))
        )
    }
}
