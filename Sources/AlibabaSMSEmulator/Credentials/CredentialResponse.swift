// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import HTTPTypes
import Hummingbird
import JSONOutput
import NIOCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A temporary credential in the JSON format of the Security Token Service (STS), the metadata service and the credentials URI.
struct CredentialResponse: Encodable, Sendable {
    /// `Success` in a response of the metadata service and of a credentials URI; `nil` in a response of STS.
    var code: String?
    /// The time at which the credential was issued; `nil` in a response of STS.
    var lastUpdated: String?
    var accessKeyID: String
    var accessKeySecret: String
    var securityToken: String?
    var expiration: String?

    /// Creates the credential in a response of the Security Token Service (STS).
    init(_ key: AccessKey) {
        self.accessKeyID = key.credential.accessKeyID
        self.accessKeySecret = key.credential.accessKeySecret
        self.securityToken = key.credential.securityToken
        self.expiration = key.expiration.map(SignatureDate.format)
    }

    /// Creates the response of the metadata service and of a credentials URI.
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
    /// Creates a JSON response that must not be cached.
    init(status: HTTPResponse.Status, json content: some Encodable) {
        let body = (try? JSONEncoder.compact.encode(content)) ?? Data("{}".utf8)
        self.init(
            status: status,
            headers: [.contentType: "application/json;charset=utf-8", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(bytes: body))
        )
    }
}
