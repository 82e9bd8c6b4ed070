// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import JSONOutput
import Logging
import NIOCore
import NIOHTTP1
import OTP
import OTPServer
import OTPTesting
import SMSKit
import StrictJSON
import Testing

/// Tests of the routes in a router of an application.
@Suite(.timeLimit(.minutes(1))) struct MountedRouteTests {
    /// The request context of the application.
    private struct AppContext: RemoteAddressRequestContext {
        var coreContext: CoreRequestContextStorage
        let remoteAddress: SocketAddress?

        init(source: ApplicationRequestContextSource) {
            self.coreContext = CoreRequestContextStorage(source: source)
            self.remoteAddress = source.channel.remoteAddress
        }
    }

    @Test func routesWorkBelowAPath() async throws {
        let sms = RecordingSMSClient()
        let otp = try OTPService.inMemory(sms: sms)
        let router = Router(context: AppContext.self)
        router.get("hello") { _, _ in "Hello" }
        OTPRoutes(otp: otp, keys: try TestServer.key.ring).add(to: router.group("auth"))
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        let application = Application(
            router: router,
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { continuation.yield($0.localAddress?.port ?? 0) },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            defer { group.cancelAll() }
            let server = TestServer(port: try #require(await ports.first { _ in true }), sms: sms)
            #expect(try await server.send(.GET, "/hello").body == Array("Hello".utf8))
            let headers = [
                ("authorization", "Bearer \(TestServer.key.both.text)"), ("content-type", "application/json"),
            ]
            let body = Array(#"{"number":"\#(TestServer.number)","purpose":"sign-in"}"#.utf8)
            #expect(try await server.send(.POST, "/auth/v1/verifications", headers, body: body).status == 201)
            #expect(try await server.send(.POST, "/auth/v1/verifications").summary == "401 unauthorized")
            #expect(try await server.send(.GET, "/auth/v1/verifications").summary == "405 method-not-allowed")
        }
    }
}
