// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Dispatch
import NIOCore
import NIOPosix
import SMSKit
import Testing

@testable import AlibabaSMS

/// Tests that invalid settings throw an error, and that a client without a shutdown does not trap.
@Suite struct AlibabaHTTPClientTests {
    static let mistakes: [(field: String, change: @Sendable (inout AlibabaSMSConfiguration) -> Void)] = [
        ("endpoint", { $0.endpoint = "dysmsapi.ap-southeast-1.aliyuncs.com" }),
        ("endpoint", { $0.endpoint = "http://example.com" }), ("endpoint", { $0.endpoint = "" }),
        ("endpoint", { $0.endpoint = "https://example.com/path" }), ("senderID", { $0.senderID = "no!" }),
        ("senderID", { $0.senderID = "" }), ("maximumRequests", { $0.maximumRequests = 0 }),
        ("maximumConnections", { $0.maximumConnections = 0 }), ("connectTimeout", { $0.connectTimeout = .zero }),
    ]

    @Test("The documented setup throws for an invalid setting", arguments: mistakes.indices)
    func documentedSetupThrows(index: Int) throws {
        var configuration = AlibabaSMSConfiguration(senderID: "Acme")
        Self.mistakes[index].change(&configuration)
        let error = #expect(throws: AlibabaSMSError.self) {
            let http = try AlibabaHTTPClient(configuration)
            _ = try AlibabaSMSClient(
                configuration: configuration,
                credentials: .static(Fixture.credential()),
                httpClient: http
            )
        }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.field == Self.mistakes[index].field)
    }

    @Test("An error after the creation of connections closes them")
    func laterErrorsCloseConnections() throws {
        #expect(throws: AlibabaSMSError.self) {
            let http = try AlibabaHTTPClient()
            _ = try AlibabaSMSClient(
                configuration: .init(endpoint: "nowhere"),
                credentials: .static(Fixture.credential()),
                httpClient: http
            )
        }
        #expect(throws: AlibabaSMSError.self) {
            let http = try AlibabaHTTPClient(proxy: HTTPProxy(url: "http://proxy.test"))
            let _: RefreshingCredentialProvider = try .assumedRole(
                AssumedRole(arn: "wrong"),
                with: .static(Fixture.credential()),
                httpClient: http
            )
        }
        #expect(throws: AlibabaSMSError.self) {
            let http = try AlibabaHTTPClient()
            let _: RefreshingCredentialProvider = try .credentialsURI("wrong", httpClient: http)
        }
        #expect(throws: AlibabaSMSError.self) {
            let http = try AlibabaHTTPClient()
            let _: RefreshingCredentialProvider = try .instanceRole(named: "../x", httpClient: http)
        }
    }

    @Test("Connections close with their last reference if they were not shut down")
    func forgottenClientClosesItsConnections() async throws {
        let ok = MisbehavingServer.http("200 OK", #"{"ResponseCode":"OK","MessageId":"1"}"#)
        try await MisbehavingServer.with([.respond(ok)]) { server in
            let configuration = AlibabaSMSConfiguration(endpoint: server.url)
            let client = try AlibabaSMSClient(
                configuration: configuration,
                credentials: .static(Fixture.credential()),
                httpClient: try AlibabaHTTPClient(configuration)
            )
            #expect(await client.send(try Fixture.message(), timeout: .seconds(20)).error == nil)
        }
    }

    @Test("A second shutdown has no effect, and calls after the first are rejected")
    func shutdown() async throws {
        let http = try AlibabaHTTPClient(proxy: HTTPProxy(url: "http://user:secret@proxy.test"))
        #expect("\(http)" == "AlibabaHTTPClient(proxy.test:80)")
        try await http.shutdown()
        try await http.shutdown()
        let client = try AlibabaSMSClient(
            configuration: .init(maximumRequests: 1),
            credentials: .static(Fixture.credential()),
            httpClient: http
        )
        let outcome = await client.send(try Fixture.message(), timeout: .seconds(20))
        #expect(outcome.isRejected)
        #expect(outcome.error?.code == "shutDown")
        #expect(outcome.error?.kind == .caller)
    }

    @Test("No shutdown returns before the connections are closed")
    func concurrentShutdowns() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let http = try AlibabaHTTPClient(eventLoopGroup: group)
        // While the event loop is blocked, no connection can close.
        let release = DispatchSemaphore(value: 0)
        group.any().execute { release.wait() }
        let returned = Counter()
        let calls = (0..<2)
            .map { _ in
                Task.immediate {
                    try await http.shutdown()
                    returned.next()
                }
            }
        #expect(returned.value == 0)
        release.signal()
        for call in calls { try await call.value }
        #expect(returned.value == 2)
        try await group.shutdownGracefully()
    }

    static let ok = MisbehavingServer.Behavior.respond(
        MisbehavingServer.http("200 OK", #"{"ResponseCode":"OK","MessageId":"1"}"#)
    )

    @Test("A client that owns its connections closes them on shutdown", arguments: mistakes.indices)
    func ownedConnections(index: Int) async throws {
        var configuration = AlibabaSMSConfiguration()
        Self.mistakes[index].change(&configuration)
        let error = #expect(throws: AlibabaSMSError.self) {
            try AlibabaSMSClient(configuration: configuration, credentials: .static(Fixture.credential()))
        }
        #expect(error?.field == Self.mistakes[index].field)
        #expect(throws: AlibabaSMSError.self) { try AlibabaSMSClient(configuration: configuration) }
        try await MisbehavingServer.with([Self.ok]) { server in
            let client = try AlibabaSMSClient(
                configuration: .init(endpoint: server.url),
                credentials: .static(Fixture.credential())
            )
            #expect(await client.send(try Fixture.message(), timeout: .seconds(20)).isAccepted)
            try await client.shutdown()
            try await client.shutdown()
            let late = await client.send(try Fixture.message(), timeout: .seconds(20))
            #expect(late.error?.code == "shutDown")
            #expect(server.requestCount == 1)
        }
    }

    @Test("A running service closes its client when it is cancelled")
    func service() async throws {
        try await MisbehavingServer.with([Self.ok]) { server in
            let client = try AlibabaSMSClient(
                configuration: .init(endpoint: server.url),
                credentials: .static(Fixture.credential())
            )
            let service = Task { try await client.run() }
            #expect(await client.send(try Fixture.message(), timeout: .seconds(20)).isAccepted)
            service.cancel()
            try await service.value
            #expect(await client.send(try Fixture.message(), timeout: .seconds(20)).error?.code == "shutDown")
        }
    }

    @Test("Shutting down a client does not close shared connections")
    func sharedConnections() async throws {
        try await MisbehavingServer.with([Self.ok]) { server in
            try await withClient(server.url) { client in
                try await client.shutdown()
                #expect(await client.send(try Fixture.message(), timeout: .seconds(20)).isAccepted)
            }
        }
    }
}
