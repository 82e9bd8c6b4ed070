// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import AlibabaSMSEmulator
import AsyncHTTPClient
import Foundation
import SMSKit
import Synchronization

/// A clock whose time changes only when the test changes it.
final class MovableTime: Sendable {
    private let value: Mutex<Date>

    init(_ start: Date = Date(timeIntervalSince1970: 1_800_000_000)) {
        self.value = Mutex(start)
    }

    var now: Date { self.value.withLock { $0 } }

    /// Returns the current time.
    var read: @Sendable () -> Date { { self.now } }

    func advance(by seconds: TimeInterval) { self.value.withLock { $0 += seconds } }
}

/// Runs a closure with a new directory, and then removes the directory.
func withFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder.path(percentEncoded: false))
}

/// Writes a file in a directory, and creates missing parent directories.
@discardableResult
func write(_ text: String, to name: String, in folder: String) throws -> String {
    let file = URL(filePath: folder).appending(path: name)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
    return file.path(percentEncoded: false)
}

/// Runs a closure with an HTTP client, and then shuts the client down.
func withHTTPClient<Result>(_ body: (AlibabaHTTPClient) async throws -> Result) async throws -> Result {
    let client = try AlibabaHTTPClient()
    return try await closing(with: client.shutdown) { try await body(client) }
}

/// Waits until a condition is met, for at most 20 seconds.
func eventually(_ condition: () async throws -> Bool) async throws -> Bool {
    let deadline = ContinuousClock.now + .seconds(20)
    while try await !condition() {
        guard ContinuousClock.now < deadline else { return false }
        try await Task.sleep(for: .milliseconds(5))
    }
    return true
}

/// Returns an unsigned token in the format of an identity provider.
func oidcToken(subject: String = "system:serviceaccount:shop:sender", until end: Date) -> String {
    func encode(_ text: String) -> String {
        Data(text.utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
            .replacing("=", with: "")
    }
    let claims = """
        {"iss":"https://cluster.example","sub":"\(subject)","aud":["sts.aliyuncs.com"],\
        "exp":\(Int(end.timeIntervalSince1970))}
        """
    return [#"{"alg":"RS256","kid":"k"}"#, claims, "no-signature"].map(encode).joined(separator: ".")
}

/// An emulator, a credential chain with its own home directory and environment variables, and a common clock.
struct CredentialWorld: Sendable {
    static let role = "acs:ram::1234567890123456:role/sender"
    static let provider = "acs:ram::1234567890123456:oidc-provider/cluster"

    let emulator: SMSGatewayEmulator.Server
    let httpClient: AlibabaHTTPClient
    let time: MovableTime
    /// The home directory.
    let home: String

    /// Returns the environment variables of an OIDC role.
    func oidcEnvironment(tokenFile: String) -> [String: String] {
        [
            "ALIBABA_CLOUD_OIDC_TOKEN_FILE": tokenFile, "ALIBABA_CLOUD_ROLE_ARN": Self.role,
            "ALIBABA_CLOUD_OIDC_PROVIDER_ARN": Self.provider,
        ]
    }

    func provider(
        _ environment: [String: String],
        hasMetadata: Bool = true
    ) -> DefaultCredentialProvider {
        var environment = environment
        environment["HOME"] = self.home
        if !hasMetadata { environment["ALIBABA_CLOUD_ECS_METADATA_DISABLED"] = "true" }
        return .default(
            .init(
                environment: environment,
                stsEndpoint: self.emulator.baseURL,
                metadataEndpoint: self.emulator.baseURL,
                metadataTimeout: .seconds(20),
                now: self.time.read
            ),
            httpClient: self.httpClient
        )
    }

    /// Runs a closure with a new emulator and home directory, and then removes both.
    static func run<Result: Sendable>(
        configure: (inout SMSGatewayEmulator.Configuration) -> Void = { _ in },
        _ body: (CredentialWorld) async throws -> Result
    ) async throws -> Result {
        let time = MovableTime()
        var configuration = SMSGatewayEmulator.Configuration(accessKeys: [try Fixture.credential()], now: time.read)
        configure(&configuration)
        return try await SMSGatewayEmulator.withServer(configuration) { emulator in
            try await withHTTPClient { client in
                try await withFolder { home in
                    try await body(CredentialWorld(emulator: emulator, httpClient: client, time: time, home: home))
                }
            }
        }
    }

    /// Sends a message with a credential, and returns the error code, or `nil` on success.
    func send(with credential: AlibabaCredential) async throws -> String? {
        let message = try Fixture.message()
        return try await withClient(self.emulator.baseURL, credential: credential, now: self.time.read) { client in
            await client.send(message, timeout: .seconds(20)).error?.code
        }
    }
}
