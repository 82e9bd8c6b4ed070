// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOCore
import NIOPosix
import OTPServer
import OTPTesting
import ServiceLifecycle
import Testing

/// Tests of the end of a server to which clients still connect.
///
/// NIO ends the process if an accepted connection is dropped before it is handled, so these tests fail by a crash.
@Suite(.timeLimit(.minutes(3))) struct ShutdownTests {
    /// How a server ends.
    enum End: CaseIterable {
        case cancellation, gracefulShutdown
    }

    /// Connects to a port until connections are refused.
    private static func connect(_ port: Int) async {
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        while !Task.isCancelled, let channel = try? await bootstrap.connect(host: "127.0.0.1", port: port).get() {
            channel.close(promise: nil)
        }
    }

    private static func runRound(_ end: End) async throws {
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let routes = OTPRoutes(otp: try .inMemory(sms: RecordingSMSClient()), keys: try TestServer.key.ring)
        let server = OTPHTTPService(
            routes: routes,
            port: 0,
            logger: logger,
            isReady: { true },
            onServerRunning: { continuation.yield($0) }
        )
        let services = ServiceGroup(configuration: ServiceGroupConfiguration(services: [server], logger: logger))
        let run = Task { try await services.run() }
        let port = try #require(await ports.first { _ in true })
        await withTaskGroup { group in
            for _ in 0..<8 { group.addTask { await Self.connect(port) } }
            for _ in 0..<100 { await Task.yield() }
            switch end {
            case .cancellation: run.cancel()
            case .gracefulShutdown: await services.triggerGracefulShutdown()
            }
            _ = await run.result
            group.cancelAll()
        }
    }

    @Test(arguments: End.allCases)
    func aServerEndsWhileClientsConnect(end: End) async throws {
        for _ in 0..<40 { try await Self.runRound(end) }
    }
}
