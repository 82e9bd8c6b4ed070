public import FoundationEssentials
public import Redaction

/// An AccessKey, with the token that a temporary one needs.
///
/// It prints and dumps as nothing but its kind.
public struct AlibabaCredential: Sendable, Hashable {
    /// The AccessKey ID, which travels in clear.
    public let accessKeyID: String

    /// The AccessKey secret, which signs and never travels.
    public let accessKeySecret: String

    /// The token of a temporary credential.
    public let securityToken: String?

    /// When a temporary credential ends, as far as is known.
    public let expiration: Date?

    /// Reads a credential, without the white space around its parts that pasting leaves.
    ///
    /// - Parameters:
    ///   - accessKeyID: The AccessKey ID.
    ///   - accessKeySecret: The AccessKey secret.
    ///   - securityToken: The token of a temporary credential; empty is as good as absent.
    ///   - expiration: When a temporary credential ends, if that is known.
    /// - Throws: An ``AlibabaSMSError`` that names the part that is empty or holds a character no key has.
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
                message: "\(field) holds a character that no key has: check what was pasted"
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
    /// The kind of the credential, and none of its parts.
    public var description: String {
        self.securityToken == nil ? "AlibabaCredential(permanent)" : "AlibabaCredential(temporary)"
    }
}
