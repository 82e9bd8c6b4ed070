// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import TextFormats

/// The rules for namespaces, which are isolated inboxes.
///
/// A query for one namespace returns only the messages and requests of this namespace.
///
/// The namespace of a request to the gateway is the first available name of this list:
///
/// 1. The value of the header ``header``.
/// 2. For the temporary AccessKey of an assumed role, the name of the role.
/// 3. For any other known AccessKey, the ID of the key.
///
/// If the gateway checks AccessKeys, a request with an unknown AccessKey belongs to ``standard``, even if the request has the
/// header ``header``. Requests with invented keys can therefore not displace the stored requests of other namespaces.
public enum InboxNamespace {
    /// The header in which a request names its namespace.
    public static let header = "x-otp-namespace"

    /// The namespace of requests without a known AccessKey, if the gateway checks AccessKeys.
    ///
    /// If the gateway does not check AccessKeys, the namespace of a request without a known AccessKey is the first available
    /// name of this list:
    ///
    /// 1. The value of the header ``header``.
    /// 2. The ID of the unknown AccessKey, if the ID is a valid name and does not contain a known secret.
    /// 3. This namespace.
    public static let standard = "default"

    /// The maximum length of a name in bytes.
    static let longest = 128

    /// Returns whether a text is a valid name: 1 to 128 ASCII letters, digits, `.`, `_`, `@` or `-`.
    public static func isValid(_ name: String) -> Bool {
        (1...self.longest).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                byte.isASCIIAlphanumeric || ".-_@".utf8.contains(byte)
            }
    }
}

extension GatewayCall {
    /// Returns the namespace of the request.
    ///
    /// - Parameters:
    ///   - accessKeys: The known keys.
    ///   - acceptsAnyKey: Whether the gateway accepts unknown keys, so that each unknown key has its own namespace.
    /// - Returns: The name, or `nil` if the header ``InboxNamespace/header`` of the request contains an invalid name.
    func namespace(_ accessKeys: AccessKeys, acceptsAnyKey: Bool = false) -> String? {
        let chosen = self.header(InboxNamespace.header)
        if let chosen, !InboxNamespace.isValid(chosen) { return nil }
        var call = self
        call.scheme = self.parseScheme()
        let id = call.accessKeyID
        switch id.flatMap(accessKeys.key(id:))?.principal {
        case .role(let name, _): return chosen ?? name
        case .user: return chosen ?? id
        case nil:
            guard acceptsAnyKey else { return InboxNamespace.standard }
            return chosen ?? id.flatMap { Self.name($0, accessKeys) } ?? InboxNamespace.standard
        }
    }

    /// Returns the namespace for an unknown key ID, or `nil` if the ID is not a valid name or contains a known secret.
    ///
    /// A client may swap the ID and the secret by mistake. The secret must not become the name of a namespace.
    private static func name(_ id: String, _ accessKeys: AccessKeys) -> String? {
        let secrets = accessKeys.configuredCredentials.map(\.accessKeySecret)
        return InboxNamespace.isValid(id) && Masking(secrets: secrets).text(id) == id ? id : nil
    }
}
