// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOSSL

/// The TLS context for all connections of a client: trusted CAs, client certificate and private key.
struct TLSContext: Sendable {
    private let context: NIOSSLContext
    private let serverName: String?

    /// Reads the certificate and key files.
    init(_ tls: RedisConfiguration.TLS) throws(RedisError) {
        if let name = tls.serverName, Self.isAddress(name) || !(1...255).contains(name.utf8.count) {
            throw .invalidTLS("serverName must be a host name, not an address")
        }
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        // A server that does not reply to `close_notify` is usually unreachable, so the timeout is short.
        configuration.shutdownTimeout = .milliseconds(100)
        if tls.insecurelyAcceptsAnyCertificate {
            configuration.certificateVerification = .none
        }
        if let path = tls.trustedCertificatesFile {
            configuration.trustRoots = .certificates(try Self.certificates(path))
        }
        switch (tls.certificateChainFile, tls.privateKeyFile) {
        case (nil, nil): break
        case (let certificate?, let key?):
            configuration.certificateChain = try Self.certificates(certificate).map { .certificate($0) }
            do {
                configuration.privateKey = .privateKey(try NIOSSLPrivateKey(file: key, format: .pem))
            } catch {
                throw .invalidTLS("cannot read a private key in \(key)")
            }
        case (.some, nil), (nil, .some):
            throw .invalidTLS("certificateChainFile and privateKeyFile must be set together")
        }
        do {
            self.context = try NIOSSLContext(configuration: configuration)
        } catch {
            let files = [tls.trustedCertificatesFile, tls.certificateChainFile, tls.privateKeyFile]
                .compactMap(\.self).joined(separator: ", ")
            throw .invalidTLS("the files do not match (\(files)): does the key belong to the certificate?")
        }
        self.serverName = tls.serverName
    }

    private static func certificates(_ path: String) throws(RedisError) -> [NIOSSLCertificate] {
        guard let certificates = try? NIOSSLCertificate.fromPEMFile(path), !certificates.isEmpty else {
            throw .invalidTLS("cannot read certificates in \(path)")
        }
        return certificates
    }

    /// Creates the TLS handler of a connection.
    func makeHandler(endpoint: RedisConfiguration.Endpoint) throws(RedisError) -> NIOSSLClientHandler {
        // If the server name is `nil`, the certificate must contain the IP address of the host.
        let name = self.serverName ?? endpoint.host.flatMap { Self.isAddress($0) ? nil : $0 }
        do {
            return try NIOSSLClientHandler(context: self.context, serverHostname: name)
        } catch {
            throw .invalidTLS("the host of \(endpoint) is not a valid server name; set serverName")
        }
    }

    private static func isAddress(_ host: String) -> Bool {
        let withoutZone = host.prefix { $0 != "%" }
        return (try? SocketAddress(ipAddress: String(withoutZone), port: 0)) != nil
    }

    /// Returns an explanation of a TLS error; `nil` for other errors.
    static func explanation(of error: any Error, server: String) -> String? {
        guard error is NIOSSLError || error is NIOSSLExtraError || error is BoringSSLError else { return nil }
        // BoringSSL provides the reason of an error only as text.
        let text = String(describing: error)
        if (error as? NIOSSLExtraError) == .failedToValidateHostname {
            return "the certificate of \(server) is for another host: check the address, or set the server name"
        } else if text.contains("CERTIFICATE_VERIFY_FAILED") {
            return "the certificate of \(server) is not trusted: it has expired, or no trusted CA signed it"
        } else if text.contains("WRONG_VERSION_NUMBER") || text.contains("EOF during handshake") {
            return "\(server) does not support TLS, or ended the handshake"
        } else if text.contains("ALERT") && (text.contains("CERTIFICATE") || text.contains("UNKNOWN_CA")) {
            return "\(server) requires a certificate of the client, or rejected it"
        } else if text.contains("PROTOCOL_VERSION") || text.contains("UNSUPPORTED_PROTOCOL") {
            return "\(server) and the client have no version of TLS in common; the client requires 1.2 or later"
        } else if (error as? NIOSSLError) == .uncleanShutdown {
            return "\(server) closed the connection before it replied"
        } else {
            return "the TLS connection to \(server) failed"
        }
    }
}

extension RedisError {
    fileprivate static func invalidTLS(_ reason: String) -> Self {
        RedisError(code: .invalidConfiguration, message: "the TLS settings are invalid: \(reason)")
    }
}
