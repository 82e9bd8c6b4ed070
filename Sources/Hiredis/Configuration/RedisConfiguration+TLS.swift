// SPDX-License-Identifier: Apache-2.0

extension RedisConfiguration {
    /// The TLS settings of connections: trusted CAs, client certificate and server name.
    ///
    /// Requires TLS 1.2 or later. The server's certificate must be signed by a trusted CA and contain the host name or the address to which
    /// the client connects. The files are read once, when the client is created; an unusable file fails every command with
    /// ``RedisError/Code/invalidConfiguration``.
    public struct TLS: Sendable, Hashable {
        /// The path of a PEM file with the certificates of the trusted CAs, or `nil` for the CAs of the system.
        public var trustedCertificatesFile: String?

        /// The path of a PEM file with the client's certificate chain, leaf first.
        ///
        /// Requires ``privateKeyFile``. It is sent only to servers that request a client certificate.
        public var certificateChainFile: String?

        /// The path of a PEM file with the private key of the client's certificate, unencrypted.
        public var privateKeyFile: String?

        /// The server name (SNI) that the server's certificate must contain, or `nil` for the host.
        ///
        /// Required if the client connects to an IP address, such as one from a sentinel, and the certificate contains only a name. An
        /// address is never sent as SNI.
        public var serverName: String?

        /// Whether to skip the verification of certificates; `false` unless set.
        ///
        /// For tests.
        ///
        /// Without verification, an attacker between client and server reads and changes everything, including the password.
        public var insecurelyAcceptsAnyCertificate: Bool = false

        /// Creates settings for servers whose certificate is signed by a CA of the system.
        public init() {}
    }
}
