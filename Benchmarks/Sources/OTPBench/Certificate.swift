// SPDX-License-Identifier: Apache-2.0

import Foundation
import Subprocess

/// A self-signed certificate for 127.0.0.1 in a temporary folder.
struct Certificate {
    let folder: String

    var path: String { "\(self.folder)/certificate.pem" }

    /// Returns the URL of a server with this certificate.
    func url(port: Int) -> String { "rediss://127.0.0.1:\(port)?ca=\(self.path)" }

    /// Returns the arguments of `redis-server` that enable TLS on a port.
    func arguments(port: Int) -> [String] {
        [
            "--tls-port", String(port), "--tls-cert-file", self.path, "--tls-key-file", "\(self.folder)/key.pem",
            "--tls-ca-cert-file", self.path, "--tls-auth-clients", "no",
        ]
    }

    /// Creates a certificate, or returns `nil` if `openssl` is not installed.
    static func make(folder: String) async throws -> Certificate? {
        let certificate = Certificate(folder: folder)
        let record = try? await Subprocess.run(
            .name("openssl"),
            arguments: [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1",
                "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-out", certificate.path,
                "-keyout", "\(folder)/key.pem",
            ],
            output: .discarded,
            error: .discarded
        )
        return record?.terminationStatus.isSuccess == true ? certificate : nil
    }
}

/// Runs a closure with a folder that only this user can enter, and deletes the folder afterwards.
func withTemporaryFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let folder = "/tmp/otp-bench-\(String(UInt64.random(in: .min ... .max), radix: 36))"
    try FileManager.default.createDirectory(
        atPath: folder,
        withIntermediateDirectories: false,
        attributes: [.posixPermissions: 0o700]
    )
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try await body(folder)
}
