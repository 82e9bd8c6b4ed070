// SPDX-License-Identifier: Apache-2.0

public import Redaction

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// An AccessKey, permanent or temporary.
///
/// Its description and its mirror contain only its kind.
public struct AlibabaCredential: Sendable, Hashable {
    /// The AccessKey ID, which requests contain in clear.
    public let accessKeyID: String

    /// The AccessKey secret, which signs requests and is never sent.
    public let accessKeySecret: String

    /// The security token of a temporary credential.
    public let securityToken: String?

    /// The expiration of a temporary credential, if it is known.
    public let expiration: Date?

    /// Creates a credential, and trims white space that pasting leaves around its parts.
    ///
    /// - Parameters:
    ///   - accessKeyID: The AccessKey ID.
    ///   - accessKeySecret: The AccessKey secret.
    ///   - securityToken: The security token of a temporary credential; an empty token is ignored.
    ///   - expiration: The expiration of a temporary credential, if it is known.
    /// - Throws: An ``AlibabaSMSError`` that names the part that is empty or contains an invalid character.
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
        let allowed = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_".utf8).union(extra.utf8)
        guard text.utf8.allSatisfy(allowed.contains) else {
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
    /// The kind of the credential, without its parts.
    public var description: String {
        self.securityToken == nil ? "AlibabaCredential(permanent)" : "AlibabaCredential(temporary)"
    }
}
