// SPDX-License-Identifier: Apache-2.0

import AlibabaSMSEmulator
import AsyncHTTPClient
import Foundation
import InMemoryLogging
import Logging
import NIOHTTP1
import SMSKit
import Testing

@testable import AlibabaSMS

/// Tests that requests go through a proxy with CONNECT, or directly to the host.
///
/// The proxy connects to the emulator for every host name. Without the proxy, the host names of the tests cannot be resolved.
@Suite struct ProxyTests {
    static let gateway = "http://gateway.test:8080"

    /// Runs a closure with an emulator behind a proxy.
    static func world<Result: Sendable>(
        authorization: String? = nil,
        cut: ConnectProxy.Cut = .never,
        _ body: (SMSGatewayEmulator.Server, ConnectProxy) async throws -> Result
    ) async throws -> Result {
        let user = RAMUser(name: "app", credential: try Fixture.credential(), policies: [.administratorAccess])
        var configuration = SMSGatewayEmulator.Configuration(accessKeys: [])
        configuration.users = [user]
        configuration.roles = [RAMRole(name: "sender", policies: [.dysmsFullAccess])]
        return try await SMSGatewayEmulator.withServer(configuration) { emulator in
            let port = try #require(URL(string: emulator.baseURL)?.port)
            return try await ConnectProxy.with(to: port, authorization: authorization, cut: cut) { proxy in
                try await body(emulator, proxy)
            }
        }
    }

    static func proxy(_ url: String, except exceptions: [String] = []) throws -> HTTPProxy {
        var proxy = try HTTPProxy(url: url, exceptions: exceptions)
        proxy.includesPlaintext = true
        return proxy
    }

    /// Sends one message.
    static func send(to endpoint: String, by proxy: HTTPProxy, maximumRequests: Int = 1) async throws -> SMSSendOutcome
    {
        let configuration = AlibabaSMSConfiguration(
            endpoint: endpoint,
            allowsPlaintextEndpoint: true,
            maximumRequests: maximumRequests,
            initialBackOff: .milliseconds(1)
        )
        let http = try AlibabaHTTPClient(configuration, proxy: proxy)
        let client = try AlibabaSMSClient(
            configuration: configuration,
            credentials: .static(Fixture.credential()),
            httpClient: http
        )
        let outcome = await client.send(try Fixture.message(), timeout: .seconds(20))
        try await http.shutdown()
        return outcome
    }

    @Test("A message goes through the proxy by CONNECT")
    func message() async throws {
        try await Self.world { emulator, proxy in
            let outcome = try await Self.send(to: Self.gateway, by: Self.proxy("http://127.0.0.1:\(proxy.port)"))
            #expect(outcome.error == nil)
            #expect(proxy.targets == ["gateway.test:8080"])
            #expect(proxy.heads.first?.hasPrefix("CONNECT gateway.test:8080 HTTP/1.1\r\n") == true)
            #expect(proxy.heads.first?.lowercased().contains("proxy-authorization") == false)
            #expect(await emulator.inbox.messages().count == 1)
        }
    }

    @Test("The user and the password are sent only to the proxy, and are not logged")
    func password() async throws {
        let value = "Basic " + Data("me:s3cret/word".utf8).base64EncodedString()
        let handler = InMemoryLogHandler()
        let logger = Logger(label: "test") { _ in handler }
        try await Self.world(authorization: value) { emulator, proxy in
            try await withLogger(logger) { _ in
                let url = "http://me:s3cret%2Fword@127.0.0.1:\(proxy.port)"
                #expect(try await Self.send(to: Self.gateway, by: Self.proxy(url)).error == nil)
                let wrong = "http://me:wrong@127.0.0.1:\(proxy.port)"
                let outcome = try await Self.send(to: Self.gateway, by: Self.proxy(wrong))
                #expect(outcome.isRejected)
                #expect(outcome.error?.code == "unreachable")
                let none = try await Self.send(to: Self.gateway, by: Self.proxy("http://127.0.0.1:\(proxy.port)"))
                #expect(none.isRejected)
            }
            #expect(await emulator.inbox.messages().count == 1)
        }
        for entry in handler.entries {
            let text = "\(entry)"
            #expect(!text.contains("s3cret"))
            #expect(!text.contains(value))
        }
    }

    @Test("A loopback gateway and an excepted gateway are reached directly")
    func direct() async throws {
        try await Self.world { emulator, proxy in
            let url = "http://127.0.0.1:\(proxy.port)"
            #expect(try await Self.send(to: emulator.baseURL, by: Self.proxy(url)).error == nil)
            // Only the proxy can resolve the name.
            let excepted = try await Self.send(to: Self.gateway, by: Self.proxy(url, except: ["gateway.test"]))
            #expect(excepted.isRejected)
            #expect(excepted.error?.code == "unreachable")
            // HTTPS_PROXY does not apply to `http:`.
            #expect(try await Self.send(to: Self.gateway, by: HTTPProxy(url: url)).isRejected)
            #expect(proxy.targets.isEmpty)
            #expect(await emulator.inbox.messages().count == 1)
        }
    }

    @Test("An unreachable proxy is a rejection")
    func unreachable() async throws {
        let port = try await MisbehavingServer.closedPort()
        let outcome = try await Self.send(to: Self.gateway, by: Self.proxy("http://127.0.0.1:\(port)"))
        #expect(outcome.isRejected)
        #expect(outcome.error?.code == "unreachable")
    }

    @Test(
        "A connection that ends before the tunnel is ready means a rejection after further attempts",
        arguments: [ConnectProxy.Cut.onConnect, .resetOnConnect, .amidResponse, .garbage],
        [gateway, "https://gateway.test:8443"]
    )
    func cutDuringConnect(_ cut: ConnectProxy.Cut, _ endpoint: String) async throws {
        try await Self.world(cut: cut) { emulator, proxy in
            let url = "http://127.0.0.1:\(proxy.port)"
            let outcome = try await Self.send(to: endpoint, by: Self.proxy(url), maximumRequests: 3)
            #expect(outcome.isRejected)
            #expect(outcome.error?.code == "unreachable")
            #expect(proxy.heads.count == 3)
            #expect(await emulator.inbox.messages().isEmpty)
        }
    }

    @Test("A lost tunnel is a rejection during the TLS handshake, and unknown after the request was written")
    func cutInTunnel() async throws {
        try await Self.world(cut: .onFirstBytes) { _, proxy in
            let settings = try Self.proxy("http://127.0.0.1:\(proxy.port)")
            let written = try await Self.send(to: Self.gateway, by: settings, maximumRequests: 3)
            #expect(written.isUnknown)
            #expect(written.error?.code == "connectionLost")
            #expect(proxy.heads.count == 1)
            let greeted = try await Self.send(to: "https://gateway.test", by: settings, maximumRequests: 3)
            #expect(greeted.isRejected)
            #expect(greeted.error?.code == "unreachable")
            #expect(proxy.heads.count == 4)
        }
    }

    @Test("A repeated request counts as written until all of its copies have ended")
    func writtenRequests() async throws {
        let requests = WrittenRequests()
        var request = HTTPClientRequest(url: "https://gateway.test")
        requests.begin(request)
        #expect(!requests.end(request))
        request.headers.add(name: WrittenRequests.header, value: "n")
        #expect(!requests.end(request))
        requests.begin(request)
        requests.begin(request)
        #expect(requests.end(request))
        #expect(requests.end(request))
        #expect(!requests.end(request))
    }

    @Test("Requests to STS and the credentials URI use the proxy, and requests to the metadata service do not")
    func credentials() async throws {
        try await Self.world { emulator, proxy in
            // The emulator accepts only host names that belong to its address.
            let settings = try Self.proxy("http://127.0.0.1:\(proxy.port)")
            let http = try AlibabaHTTPClient(.init(), proxy: settings)
            #expect(http.usesProxy(for: "https://sts.aliyuncs.com/?Action=AssumeRole"))
            #expect(http.usesProxy(for: "http://credentials.test/credentials"))
            let instance: RefreshingCredentialProvider = try .instanceRole(
                endpoint: Self.gateway,
                timeout: .seconds(5),
                httpClient: http
            )
            await #expect(throws: AlibabaSMSError.self) { try await instance.credential() }
            #expect(proxy.targets.isEmpty)
            let uri: RefreshingCredentialProvider = try .credentialsURI(
                "http://credentials.test/credentials",
                httpClient: http
            )
            _ = try? await uri.credential()
            #expect(proxy.targets == ["credentials.test:80"])
            let local: RefreshingCredentialProvider = try .instanceRole(endpoint: emulator.baseURL, httpClient: http)
            _ = try await local.credential()
            #expect(proxy.targets.count == 1)
            try await http.shutdown()
        }
    }
}
