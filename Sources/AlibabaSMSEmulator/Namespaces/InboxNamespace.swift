import AlibabaSMS

/// Names of isolated inboxes: the messages and requests of one never appear in another.
///
/// A request goes into the namespace that its header ``header`` names, or else into that of its AccessKey: the ID of a
/// user's key, or the name of the role for a temporary one. A request whose AccessKey is unknown goes into ``standard``,
/// unless the gateway takes any request: a flood of made-up names displaces nobody's messages.
public enum InboxNamespace {
    /// The header by which a request names its namespace.
    public static let header = "x-otp-namespace"

    /// The namespace of requests that name none, or whose AccessKey is missing or unknown.
    public static let standard = "default"

    /// The longest name.
    static let longest = 128

    /// Returns whether a text is a name: 1 to 128 ASCII letters, digits and `.`, `_`, `@`, `-`.
    public static func isValid(_ name: String) -> Bool {
        (1...self.longest).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) || ".-_@".utf8.contains(byte)
            }
    }
}

extension GatewayCall {
    /// The namespace of the request.
    ///
    /// - Parameters:
    ///   - accessKeys: The known keys.
    ///   - takesAnyKey: Whether the gateway takes requests with unknown keys, which then have namespaces of their own.
    /// - Returns: The name, or `nil` if the header of the request is no name.
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

    /// The name that an unknown ID makes; a client that swaps ID and secret must not make a name of its secret.
    private static func name(_ id: String, _ accessKeys: AccessKeys) -> String? {
        let secrets = accessKeys.configuredCredentials.map(\.accessKeySecret)
        return InboxNamespace.isValid(id) && Masking(secrets: secrets).text(id) == id ? id : nil
    }
}
