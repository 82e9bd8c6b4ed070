// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import AlibabaSMSEmulator
import Foundation
import Hiredis
import OTP
import OTPEnvironment
import PrivateRedis

/// The parts of a demo: a store, the gateway emulator and random keys.
struct DemoWorld: Sendable {
    /// The store of the demo.
    enum Store: Sendable {
        /// A private Redis server, with its version; `nil` if the version is not known.
        case redis(url: String, version: String?)
        /// The memory of this process, with a text about the disadvantage of this store.
        case memory(loses: String)
    }

    /// The kind of store that the user requested.
    enum StoreChoice: String, Sendable, CaseIterable {
        case redis, memory
    }

    let store: Store
    let emulator: SMSGatewayEmulator.Server

    /// The environment variables for other commands that use this demo, with secret values.
    private(set) var variables: [(name: String, value: String)]

    /// Returns a copy of this demo with additional environment variables.
    func adding(_ variables: [(name: String, value: String)]) -> Self {
        var world = self
        world.variables += variables
        return world
    }

    /// The settings of this demo.
    var settings: OTPSettings {
        OTPSettings(environment: Dictionary(self.variables.map { ($0.name, $0.value) }) { _, last in last })
    }

    /// Starts the demo, runs a closure, and stops the demo.
    ///
    /// - Parameters:
    ///   - store: The kind of store; `nil` for Redis if it is installed, and otherwise for memory.
    ///   - port: The port of the emulator on 127.0.0.1; 0 selects a free port.
    ///   - body: The closure to run.
    /// - Returns: The result of the closure.
    /// - Throws: The error of the closure, or an error if the demo cannot be started.
    static func run<Result: Sendable>(
        store: StoreChoice?,
        port: Int,
        _ body: (DemoWorld) async throws -> Result
    ) async throws -> Result {
        switch store {
        case .memory: return try await self.run(on: .memory(loses: Self.loss), port: port, body)
        case .redis: return try await self.runOnRedis(port: port, body)
        case nil where Self.hasRedisServer: return try await self.runOnRedis(port: port, body)
        case nil:
            let reason = "redis-server is not installed (sudo apt-get install redis-server); "
            return try await self.run(on: .memory(loses: reason + Self.loss), port: port, body)
        }
    }

    /// The policy of the guard, with one home region and a budget of 1,000 messages per day.
    private static let guardPolicy = #"{"homeRegions": ["SG"], "budgets": {"service": {"messages": 1000}}}"#

    private static let loss = "codes exist in this process only: other terminals can neither issue nor verify"

    private static func runOnRedis<Result: Sendable>(
        port: Int,
        _ body: (DemoWorld) async throws -> Result
    ) async throws -> Result {
        do {
            return try await withPrivateRedis { server in
                let version = await Self.version(of: server.url)
                return try await self.run(on: .redis(url: server.url, version: version), port: port, body)
            }
        } catch let error as PrivateRedisError {
            throw CommandFailure(.unreachable, "noRedis", "\(error); or use --store memory")
        }
    }

    private static func run<Result: Sendable>(
        on store: Store,
        port: Int,
        _ body: (DemoWorld) async throws -> Result
    ) async throws -> Result {
        let secrets = (id: Self.randomText("DEMO", 12), secret: Self.randomText("", 30))
        let key = try AlibabaCredential(accessKeyID: secrets.id, accessKeySecret: secrets.secret)
        let configuration = SMSGatewayEmulator.Configuration(port: port, accessKeys: [key])
        return try await withEmulator(configuration) { emulator in
            var variables = [
                ("OTP_KEYS", KeyRing.makeText()),
                ("OTP_SMS_ENDPOINT", emulator.baseURL),
                ("OTP_SMS_SENDER_ID", "swiftotp"),
                ("OTP_COUNTRIES", "all"),
                ("OTP_GUARD", Self.guardPolicy),
                ("ALIBABA_CLOUD_ACCESS_KEY_ID", secrets.id),
                ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", secrets.secret),
                ("OTP_INBOX_URL", emulator.baseURL),
            ]
            if case .redis(let url, _) = store { variables.insert(("OTP_REDIS_URL", url), at: 0) }
            let named = variables.map { (name: $0.0, value: $0.1) }
            return try await body(DemoWorld(store: store, emulator: emulator, variables: named))
        }
    }

    private static var hasRedisServer: Bool {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
            .contains { FileManager.default.isExecutableFile(atPath: "\($0)/redis-server") }
    }

    private static func version(of url: String) async -> String? {
        guard let configuration = try? RedisConfiguration(url: url) else { return nil }
        return try? await withRedis(configuration) { try await RedisFacts($0).version }
    }

    /// Returns a prefix followed by random characters.
    private static func randomText(_ prefix: String, _ length: Int) -> String {
        let symbols = Array("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789")
        return prefix + String((0..<length).compactMap { _ in symbols.randomElement() })
    }
}

/// Runs a closure with the emulator.
///
/// If the emulator cannot listen, the error names the host and the port.
func withEmulator<Result: Sendable>(
    _ configuration: SMSGatewayEmulator.Configuration,
    _ body: (SMSGatewayEmulator.Server) async throws -> Result
) async throws -> Result {
    guard (0...65_535).contains(configuration.port) else { throw CommandFailure.usage("--port must be 0 to 65535") }
    var isRunning = false
    do {
        return try await SMSGatewayEmulator.withServer(configuration) { server in
            isRunning = true
            return try await body(server)
        }
    } catch {
        guard !isRunning else { throw error }
        if let error = error as? EmulatorConfigurationError { throw CommandFailure.usage("\(error)") }
        let message = "the emulator cannot listen on \(configuration.host):\(configuration.port): \(reason(error))"
        throw CommandFailure(.error, "port", message)
    }
}
