// SPDX-License-Identifier: Apache-2.0

import Foundation
import Hiredis
import OTPTesting
import PrivateRedis

/// The servers of one topology, and their possible faults.
struct ChaosDeployment: Sendable {
    /// A fault of the servers; when `inflict` returns, the servers are healthy again.
    struct Fault: Sendable {
        var name: String
        var inflict: @Sendable (inout SeededGenerator) async throws -> Void
    }

    var name: String
    var configuration: RedisConfiguration
    var faults: [Fault]
    /// Whether the fault can cause a failover, which may undo unacknowledged writes.
    var failsOver = false
    /// The maximum time from the last fault until the service works again.
    var longestRecovery = Duration.seconds(2)

    /// The arguments of a server that writes to disk before it acknowledges a write.
    static let durable = ["--appendonly", "yes", "--appendfsync", "always"]

    /// Returns a deployment that can fail over to a replica.
    static func replicated(
        _ name: String,
        _ configuration: RedisConfiguration,
        minimumReplicas: Int,
        faults: [Fault]
    ) -> ChaosDeployment {
        var configuration = configuration
        configuration.minimumReplicas = minimumReplicas
        return ChaosDeployment(
            name: name,
            configuration: configuration,
            faults: faults,
            failsOver: true,
            longestRecovery: .seconds(5)
        )
    }

    /// Runs a closure with one server that writes to disk before it acknowledges a write.
    static func withStandalone(_ body: (ChaosDeployment) async throws -> Bool) async throws -> Bool {
        try await withPrivateRedis(arguments: Self.durable + ["--enable-debug-command", "yes"]) { server in
            let configuration = try RedisConfiguration(url: server.url)
            let control = RedisClient(configuration: configuration)
            let faults = [
                Fault(name: "kill") { generator in
                    try await server.stop()
                    try await Self.sleep(0...600, &generator)
                    try await server.start()
                },
                Fault(name: "pause") { generator in
                    server.signal(SIGSTOP)
                    try await Self.sleep(50...1_500, &generator)
                    server.signal(SIGCONT)
                },
                // The pause is longer than any caller may wait.
                Fault(name: "pause for long") { generator in
                    server.signal(SIGSTOP)
                    try await Self.sleep(4_500...5_000, &generator)
                    server.signal(SIGCONT)
                },
                Fault(name: "kill while paused") { generator in
                    server.signal(SIGSTOP)
                    try await Self.sleep(10...300, &generator)
                    try await server.stop()
                    try await server.start()
                },
                Fault(name: "cut connections") { _ in
                    _ = try? await control.send("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
                },
                Fault(name: "forget scripts") { _ in _ = try? await control.send("SCRIPT", "FLUSH") },
                Fault(name: "refuse writes") { generator in
                    _ = try? await control.send("CONFIG", "SET", "maxmemory", "1")
                    try await Self.sleep(50...500, &generator)
                    // The service recovers only after the setting was reset, so the command is repeated until it succeeds.
                    while (try? await control.send("CONFIG", "SET", "maxmemory", "0")) == nil {
                        try await Task.sleep(for: .milliseconds(20))
                    }
                },
            ]
            let result: Bool
            do {
                result = try await body(
                    ChaosDeployment(name: "standalone", configuration: configuration, faults: faults)
                )
            } catch {
                await control.shutdown()
                throw error
            }
            await control.shutdown()
            return result
        }
    }

    static func sleep(_ milliseconds: ClosedRange<Int>, _ generator: inout SeededGenerator) async throws {
        try await Task.sleep(for: .milliseconds(Int.random(in: milliseconds, using: &generator)))
    }
}
