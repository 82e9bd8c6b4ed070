// SPDX-License-Identifier: Apache-2.0

public import Redaction
import TextFormats

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// A permanent or temporary AccessKey.
///
/// The `description` and the output of `dump` show only whether the credential is permanent or temporary.
public struct AlibabaCredential: Sendable, Hashable {
    /// The AccessKey ID, which requests contain in plain text.
    public let accessKeyID: String

    /// The AccessKey secret, which signs requests and is never sent.
    public let accessKeySecret: String

    /// The security token of a temporary credential; `nil` for a permanent credential.
    public let securityToken: String?

    /// The expiration of a temporary credential; `nil` if unknown.
    public let expiration: Date?

    /// Creates a credential.
    ///
    /// The initializer removes surrounding white space, which pasted values often contain.
    ///
    /// - Parameters:
    ///   - accessKeyID: The AccessKey ID.
    ///   - accessKeySecret: The AccessKey secret.
    ///   - securityToken: The security token of a temporary credential. An empty token is ignored.
    ///   - expiration: The expiration of a temporary credential; `nil` if unknown.
    /// - Throws: An ``AlibabaSMSError`` that names the value that is empty or contains an invalid character.
    public init(
        accessKeyID: String,
        accessKeySecret: String,
        securityToken: String? = nil,
        expiration: Date? = nil
    ) throws(AlibabaSMSError) {
        self.accessKeyID = try Self.check(accessKeyID, field: "accessKeyID", extra: "")
        self.accessKeySecret = try Self.check(accessKeySecret, field: "accessKeySecret", extra: "")
        if let token = securityToken, !Self.trim(token).isEmpty {
            self.securityToken = try Self.check(token, field: "securityToken", extra: "+/=")
        } else {
            self.securityToken = nil
        }
        self.expiration = expiration
    }

    private static func check(_ text: String, field: String, extra: String) throws(AlibabaSMSError) -> String {
        let text = self.trim(text)
        guard !text.isEmpty else {
            throw AlibabaSMSError(.invalidCredential, field: field, message: "\(field) is empty")
        }
        let symbols = ".-_\(extra)".utf8
        guard text.utf8.allSatisfy({ $0.isASCIIAlphanumeric || symbols.contains($0) }) else {
            throw AlibabaSMSError(
                .invalidCredential,
                field: field,
                message: "\(field) contains an invalid character: paste it again"
            )
        }
        return text
    }

    private static func trim(_ text: String) -> String {
        var text = text[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}

extension AlibabaCredential: Redacted {
    /// A text that shows whether the credential is permanent or temporary, without any values of the credential.
    public var description: String {
        self.securityToken == nil ? "AlibabaCredential(permanent)" : "AlibabaCredential(temporary)"
    }
}
