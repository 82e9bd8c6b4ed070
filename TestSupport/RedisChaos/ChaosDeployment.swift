import Foundation
import Hiredis
import OTPTesting
import PrivateRedis

/// Servers of one kind, and all that can be done to them.
struct ChaosDeployment: Sendable {
    /// A way to disturb the servers, which puts them right again before it returns.
    struct Fault: Sendable {
        var name: String
        var inflict: @Sendable (inout SeededGenerator) async throws -> Void
    }

    var name: String
    var configuration: RedisConfiguration
    var faults: [Fault]
    /// Whether another server takes over, which may undo what nobody was told of.
    var failsOver = false
    /// How long after the last fault the service must work again.
    var longestRecovery = Duration.seconds(2)

    /// One server that keeps on disk whatever it acknowledges.
    static func withStandalone(_ body: (ChaosDeployment) async throws -> Bool) async throws -> Bool {
        let durable = ["--appendonly", "yes", "--appendfsync", "always", "--enable-debug-command", "yes"]
        return try await withPrivateRedis(arguments: durable) { server in
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
                // For longer than any caller may have to wait.
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
                    // Until it is taken back, nothing works.
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
