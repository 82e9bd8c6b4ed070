// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Hummingbird
import Logging
import NIOCore
import NIOPosix
import OTP
import OTPServer

/// Runs one of the measured HTTP servers in a separate process, with one event loop.
struct HTTPServerCommand: AsyncParsableCommand {
    enum Kind: String, ExpressibleByArgument {
        /// A bare Hummingbird application that parses and returns a JSON object.
        case echo
        /// The HTTP service.
        case otp
    }

    static let configuration = CommandConfiguration(commandName: "http-server", shouldDisplay: false)

    @Argument var kind: Kind
    @Option(help: "The URL of Redis.") var url = ""
    @Option(help: "The key ring of the service.") var keys = ""
    @Option(help: "The entry of the API key.") var apiKey = ""
    @Flag(help: "Create the service with a guard.") var guarded = false

    func run() async throws {
        // Both servers and the Redis client use the singleton, which must be configured before its first use.
        NIOSingletons.groupLoopCountSuggestion = 1
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                switch self.kind {
                case .echo: try await Self.runEcho()
                case .otp: try await self.runService()
                }
            }
            group.addTask { await ChildProcess.waitForEndOfInput() }
            try await group.next()
            group.cancelAll()
        }
    }

    private static func report(port: Int) {
        FileHandle.standardOutput.write(Data("\(port)\n".utf8))
    }

    /// The body of the echo, which has the same length as the bodies of the service.
    private struct Echo: ResponseCodable {
        var number: String
        var token: String
        var code: String
        var purpose: String
    }

    private static func runEcho() async throws {
        let router = Router()
        router.post("/echo") { request, context in try await request.decode(as: Echo.self, context: context) }
        let application = Application(
            router: router,
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in Self.report(port: channel.localAddress?.port ?? 0) },
            logger: Logger(label: "echo")
        )
        try await application.run()
    }

    private func runService() async throws {
        let workload = try Workload(
            url: self.url,
            keys: try KeyRing(text: self.keys),
            guardPolicy: self.guarded ? .bench : nil,
            eventLoops: MultiThreadedEventLoopGroup.singleton
        )
        try await workload.recordVerifiedSends()
        let service = OTPHTTPService(
            routes: OTPRoutes(otp: workload.service, keys: try APIKeyRing(text: self.apiKey)),
            port: 0,
            isReady: { true },
            onServerRunning: { Self.report(port: $0) }
        )
        try await service.run()
    }
}
