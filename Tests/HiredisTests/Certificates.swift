// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOCore
import NIOSSL
import Subprocess
import SystemPackage

/// Certificates that `openssl` creates in a temporary folder.
struct Certificates: Sendable {
    let folder: String

    func path(_ file: String) -> String { "\(self.folder)/\(file)" }

    /// Returns the arguments of a `redis-server` with TLS on a port.
    func arguments(port: Int, certificate: String = "server", clients: String = "no") -> [String] {
        [
            "--tls-port", "\(port)", "--tls-cert-file", self.path("\(certificate).pem"), "--tls-key-file",
            self.path("\(certificate).key"), "--tls-ca-cert-file", self.path("ca.pem"), "--tls-auth-clients", clients,
        ]
    }

    /// Returns the TLS context for a server in the test process.
    func serverContext(sawName: (@Sendable (String?) -> Void)? = nil) throws -> NIOSSLContext {
        var tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(self.path("server.pem")).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: self.path("server.key"), format: .pem))
        )
        if let sawName {
            tls.sslContextCallback = { values, promise in
                sawName(values.serverHostname)
                promise.succeed(.noChanges)
            }
        }
        return try NIOSSLContext(configuration: tls)
    }

    /// The script that creates the certificates.
    ///
    /// `server` is issued for localhost, redis.test and 127.0.0.1. `named` is issued only for redis.test.
    fileprivate static let script = """
        set -e
        cd "$1"
        key="-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
        ca() {
            openssl req -x509 $key -keyout "$1.key" -out "$1.pem" -days 2 -subj "/CN=$1"
        }
        leaf() {
            openssl req $key -keyout "$1.key" -out "$1.csr" -subj "/CN=$1"
            printf 'subjectAltName=%s' "$3" >"$1.ext"
            openssl x509 -req -in "$1.csr" -CA "$2.pem" -CAkey "$2.key" -CAcreateserial -days "$4" \\
                -extfile "$1.ext" -out "$1.pem"
        }
        ca ca
        ca other
        leaf server ca DNS:localhost,DNS:redis.test,IP:127.0.0.1 2
        leaf named ca DNS:redis.test 2
        leaf elsewhere ca IP:127.0.0.2 2
        leaf expired ca DNS:localhost,IP:127.0.0.1 -1
        leaf foreign other DNS:localhost,IP:127.0.0.1 2
        leaf client ca DNS:client 2
        """
}

/// Runs a closure with certificates, and deletes them afterwards.
func withCertificates<Result: Sendable>(_ body: (Certificates) async throws -> Result) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("certificates-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let made = try await run(
        .path("/bin/sh"),
        arguments: Arguments(["-c", Certificates.script, "certificates", folder]),
        output: .discarded,
        error: .string(limit: 65_536)
    )
    guard made.terminationStatus.isSuccess else {
        throw CertificatesError(description: "openssl failed: \(made.standardError.suffix(500))")
    }
    return try await body(Certificates(folder: folder))
}

private struct CertificatesError: Error, CustomStringConvertible {
    let description: String
}
