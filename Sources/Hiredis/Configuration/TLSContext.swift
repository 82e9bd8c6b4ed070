import NIOCore
import NIOSSL

/// What all TLS connections of a client share: the trusted CAs, and the client's own certificate and key.
struct TLSContext: Sendable {
    private let context: NIOSSLContext
    private let serverName: String?

    /// Reads the files.
    init(_ tls: RedisConfiguration.TLS) throws(RedisError) {
        if let name = tls.serverName, Self.isAddress(name) || !(1...255).contains(name.utf8.count) {
            throw .invalidTLS("the server name must be a name, and not an address")
        }
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        // A server that does not answer the goodbye is most often the reason for it.
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
                throw .invalidTLS("the private key in \(key) cannot be read")
            }
        case (.some, nil), (nil, .some):
            throw .invalidTLS("the client's certificate and its private key go together")
        }
        do {
            self.context = try NIOSSLContext(configuration: configuration)
        } catch {
            let files = [tls.trustedCertificatesFile, tls.certificateChainFile, tls.privateKeyFile]
                .compactMap(\.self).joined(separator: ", ")
            throw .invalidTLS("the files do not fit together (\(files)): is the key that of the certificate?")
        }
        self.serverName = tls.serverName
    }

    private static func certificates(_ path: String) throws(RedisError) -> [NIOSSLCertificate] {
        guard let certificates = try? NIOSSLCertificate.fromPEMFile(path), !certificates.isEmpty else {
            throw .invalidTLS("the certificates in \(path) cannot be read")
        }
        return certificates
    }

    /// Makes the handler that encrypts one connection.
    func makeHandler(host: String?) throws(RedisError) -> NIOSSLClientHandler {
        // Without a name, the address of the other end must be in the certificate.
        let name = self.serverName ?? host.flatMap { Self.isAddress($0) ? nil : $0 }
        do {
            return try NIOSSLClientHandler(context: self.context, serverHostname: name)
        } catch {
            throw .invalidTLS("the host cannot be used as the name of a server")
        }
    }

    private static func isAddress(_ host: String) -> Bool {
        let withoutZone = host.prefix { $0 != "%" }
        return (try? SocketAddress(ipAddress: String(withoutZone), port: 0)) != nil
    }

    /// Says what is wrong with the other end, if an error came from TLS.
    static func explanation(of error: any Error) -> String? {
        guard error is NIOSSLError || error is NIOSSLExtraError || error is BoringSSLError else { return nil }
        // BoringSSL gives its reasons as texts only.
        let text = String(describing: error)
        if (error as? NIOSSLExtraError) == .failedToValidateHostname {
            return "The server's certificate is made out for another host."
        } else if text.contains("CERTIFICATE_VERIFY_FAILED") {
            return "The server's certificate is not trusted: it has expired, or it was not signed by a trusted CA."
        } else if text.contains("WRONG_VERSION_NUMBER") || text.contains("EOF during handshake") {
            return "The server does not speak TLS, or ended the handshake."
        } else if text.contains("ALERT") && (text.contains("CERTIFICATE") || text.contains("UNKNOWN_CA")) {
            return "The server wants a certificate of the client, or does not accept the one that it got."
        } else if text.contains("PROTOCOL_VERSION") || text.contains("UNSUPPORTED_PROTOCOL") {
            return "The server and the client have no version of TLS in common; the client wants 1.2 or later."
        } else if (error as? NIOSSLError) == .uncleanShutdown {
            return "The connection was closed before the reply came."
        } else {
            return "TLS failed."
        }
    }
}

extension RedisError {
    fileprivate static func invalidTLS(_ reason: String) -> Self {
        RedisError(code: .invalidConfiguration, message: "The settings of TLS cannot be used: \(reason).")
    }
}
