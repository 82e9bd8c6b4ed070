// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The service that `otp bench` measures, and its API key.
struct BenchTarget: Sendable {
    /// The URL of the service, without a trailing slash.
    let url: String

    /// The secret text of the API key.
    let key: String

    /// Checks the URL, and reads the API key from the environment.
    ///
    /// - Parameters:
    ///   - url: The argument of the command; `nil` to read the variable `OTP_SERVICE_URL`.
    ///   - environment: The environment variables.
    ///   - allowsRemote: Whether the URL may name another machine.
    /// - Throws: ``CommandFailure`` if a setting is missing, or if the URL names another machine and `allowsRemote` is `false`.
    init(url: String?, environment: [String: String], allowsRemote: Bool) throws(CommandFailure) {
        guard let text = url ?? environment["OTP_SERVICE_URL"] else {
            throw CommandFailure(.configuration, "missing", "OTP_SERVICE_URL is not set: pass the URL of the service")
        }
        guard let parts = URL(string: text), ["http", "https"].contains(parts.scheme), let host = parts.host(),
            !host.isEmpty, parts.user() == nil, parts.query() == nil, parts.fragment() == nil
        else { throw .usage("the URL of the service must look like http://127.0.0.1:8080") }
        guard allowsRemote || Self.isLoopback(host) else {
            throw .usage("the service is on another machine: --allow-remote permits this, and messages may cost money")
        }
        guard let key = environment["OTP_API_KEY"], !key.isEmpty else {
            throw CommandFailure(.configuration, "missing", "OTP_API_KEY is not set: otp api-key creates a key")
        }
        self.url = text.hasSuffix("/") ? String(text.dropLast()) : text
        self.key = key
    }

    private static func isLoopback(_ host: String) -> Bool {
        let octets = host.split(separator: ".", omittingEmptySubsequences: false)
        return ["localhost", "::1", "[::1]"].contains(host.lowercased())
            || (octets.count == 4 && octets[0] == "127" && octets.allSatisfy { UInt8($0) != nil })
    }
}
