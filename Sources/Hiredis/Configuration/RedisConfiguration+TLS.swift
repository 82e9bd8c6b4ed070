// SPDX-License-Identifier: Apache-2.0

extension RedisConfiguration {
    /// The TLS settings of connections, such as trusted CAs and the client certificate.
    ///
    /// Connections use TLS 1.2 or later. The server's certificate must be signed by a trusted CA. The certificate must contain
    /// the host name or the IP address to which the client connects. The files are read once, by initializers such as those of
    /// `RedisOTPStore`. If a file is unusable, the initializer throws ``RedisError/Code/invalidConfiguration``.
    public struct TLS: Sendable, Hashable {
        /// The path of a PEM file with the certificates of trusted CAs; `nil` for the CAs of the system.
        public var trustedCertificatesFile: String?

        /// The path of a PEM file with the client's certificate chain, leaf first; `nil` for no client certificate.
        ///
        /// The chain requires ``privateKeyFile``. The client sends the chain only to servers that request a client certificate.
        public var certificateChainFile: String?

        /// The path of a PEM file with the unencrypted private key of the client's certificate.
        public var privateKeyFile: String?

        /// The server name (SNI) that the server's certificate must contain; `nil` for the host to which the client connects.
        ///
        /// Set the name if the client connects to an IP address, but the certificate contains only a host name. For example,
        /// sentinels usually return IP addresses.
        public var serverName: String?

        /// Whether to skip the verification of certificates; the default is `false`.
        ///
        /// Skip the verification only in tests. Otherwise, an attacker in the network can read and change all data, including
        /// the password.
        public var insecurelyAcceptsAnyCertificate: Bool = false

        /// Creates settings for servers with certificates from CAs that the system trusts.
        public init() {}
    }
}
