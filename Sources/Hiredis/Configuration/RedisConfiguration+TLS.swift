extension RedisConfiguration {
    /// How connections are encrypted, and whom they trust.
    ///
    /// The version is TLS 1.2 or later. The server's certificate must be signed by a trusted CA, and made out for the
    /// host name or the address that the client connects to. The files are read once, when the client is made; one that
    /// cannot be used fails every command with ``RedisError/Code/invalidConfiguration``.
    public struct TLS: Sendable, Hashable {
        /// The path of a PEM file with the certificates of the trusted CAs, or `nil` for those of the system.
        public var trustedCertificatesFile: String?

        /// The path of a PEM file with the client's certificate and those between it and its CA, its own first.
        ///
        /// It goes with ``privateKeyFile``; a server that asks for no certificate gets none.
        public var certificateChainFile: String?

        /// The path of a PEM file with the private key of the client's certificate, not encrypted.
        public var privateKeyFile: String?

        /// The name that the server is asked for and that its certificate must have, or `nil` for the host.
        ///
        /// It is needed where the client connects to an address, such as one that a sentinel names, and the certificate
        /// has a name only. An address is never sent as a name.
        public var serverName: String?

        /// Whether any certificate will do, also one that an eavesdropper made a minute ago; off unless set.
        ///
        /// Without verification, whoever stands between the client and the server reads and changes everything, the
        /// password included. For tests.
        public var insecurelyAcceptsAnyCertificate: Bool = false

        /// Creates the settings for servers with a certificate of a CA that the system trusts.
        public init() {}
    }
}
