// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import TextFormats

/// The names of isolated inboxes: a message or request is visible only in its own namespace.
///
/// The header ``header`` of a request selects its namespace. Without the header, the namespace is named after the
/// AccessKey: the ID of a user's key, or the role of a temporary key. A request with an unknown AccessKey belongs to
/// ``standard``, unless the gateway accepts any request; otherwise a flood of invented names could displace messages.
///
/// This enumeration has no cases and only groups static members.
public enum InboxNamespace {
    /// The header in which a request names its namespace.
    public static let header = "x-otp-namespace"

    /// The namespace of requests without a known AccessKey or a namespace of their own.
    public static let standard = "default"

    /// The maximum length of a name in bytes.
    static let longest = 128

    /// Returns whether a text is a valid name: 1 to 128 ASCII letters, digits and `.`, `_`, `@`, `-`.
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
    ///   - takesAnyKey: Whether the gateway accepts unknown keys, each with its own namespace.
    /// - Returns: The name, or `nil` if the request's header is not a valid name.
    func namespace(_ accessKeys: AccessKeys, takesAnyKey: Bool = false) -> String? {
        let chosen = self.header(InboxNamespace.header)
        if let chosen, !InboxNamespace.isValid(chosen) { return nil }
        var call = self
        call.scheme = self.parseScheme()
        let id = call.accessKeyID
        switch id.flatMap(accessKeys.key(id:))?.principal {
        case .role(let name, _): return chosen ?? name
        case .user: return chosen ?? id
        case nil:
            guard takesAnyKey else { return InboxNamespace.standard }
            return chosen ?? id.flatMap { Self.name($0, accessKeys) } ?? InboxNamespace.standard
        }
    }

    /// Returns the namespace of an unknown ID.
    ///
    /// A client that swaps ID and secret must not turn its secret into a name.
    private static func name(_ id: String, _ accessKeys: AccessKeys) -> String? {
        let secrets = accessKeys.configuredCredentials.map(\.accessKeySecret)
        return InboxNamespace.isValid(id) && Masking(secrets: secrets).text(id) == id ? id : nil
    }
}
