import AlibabaSMS

/// Names of isolated inboxes: the messages and requests of one never appear in another.
///
/// A request goes into the namespace that its header ``header`` names, or else into that of its AccessKey: the ID of a
/// user's key, or the name of the role for a temporary one.
public enum InboxNamespace {
    /// The header by which a request names its namespace.
    public static let header = "x-otp-namespace"

    /// The namespace of requests that name none and have no AccessKey.
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
    /// The namespace of the request, or `nil` if its header is no name.
    func namespace(_ accessKeys: AccessKeys) -> String? {
        if let name = self.header(InboxNamespace.header) { return InboxNamespace.isValid(name) ? name : nil }
        var call = self
        call.scheme = self.readScheme()
        guard let id = call.accessKeyID else { return InboxNamespace.standard }
        switch accessKeys.key(id: id)?.principal {
        case .role(let name, _): return name
        case .user: return id
        case nil:
            // A client that swaps ID and secret must not make a name of its secret.
            let secrets = accessKeys.configuredCredentials.map(\.accessKeySecret)
            let isShown = InboxNamespace.isValid(id) && Masking(secrets: secrets).text(id) == id
            return isShown ? id : InboxNamespace.standard
        }
    }
}
