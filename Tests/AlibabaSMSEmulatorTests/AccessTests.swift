// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Testing

@testable import AlibabaSMSEmulator

/// Tests of the access control of an emulator that other machines can reach.
@Suite struct AccessTests {
    private static let text = "correct-horse-battery"

    private static func withEmulator(
        host: String = "0.0.0.0",
        allowedHosts: [String] = ["emulator"],
        _ body: (SMSGatewayEmulator.Server) async throws -> Void
    ) async throws {
        let configuration = SMSGatewayEmulator.Configuration(
            host: host,
            token: try InboxToken(Self.text),
            accessKeys: [try key()],
            allowedHosts: allowedHosts
        )
        try await SMSGatewayEmulator.withServer(configuration, body)
    }

    private static let paths = [
        "messages", "messages/wait?timeout=0", "messages/latest/code", "messages/1", "requests", "requests/1", "stats",
        "events", "cursor", "namespaces", "clock", "faults",
    ]

    @Test func apiRequiresTheToken() async throws {
        try await Self.withEmulator { emulator async throws in
            #expect(try await SpoilableRequest(to: emulator).send(to: emulator).code == "OK")
            for path in Self.paths {
                let url = "\(emulator.baseURL)/api/v1/\(path)"
                for value in [nil, "Bearer", "Bearer wrong", "Basic \(Self.text)", "Bearer \(Self.text)x", Self.text] {
                    let headers = HTTPHeaders(value.map { [("authorization", $0)] } ?? [])
                    let response = try await fetch(url, headers: headers)
                    #expect(response.status == 401, "\(path)")
                    #expect(response.headers.first(name: "www-authenticate") == "Bearer")
                    #expect(!response.text.contains("123456"))
                }
                guard path != "events" else { continue }
                let response = try await fetch(url, headers: ["authorization": "bearer \(Self.text)"])
                #expect(response.status == 200, "\(path)")
            }
            #expect(try await fetch("\(emulator.baseURL)/page/page.js").status == 401)
            for (method, path) in [
                (HTTPMethod.DELETE, "messages"), (.POST, "reset"), (.PUT, "faults"), (.POST, "clock"),
            ] {
                #expect(try await fetch("\(emulator.baseURL)/api/v1/\(path)", method: method).status == 401)
            }
            #expect(await emulator.inbox.messages().count == 1)
        }
    }

    @Test func browserSignsInWithTheToken() async throws {
        try await Self.withEmulator { emulator async throws in
            let page = try await fetch("\(emulator.baseURL)/")
            #expect(page.status == 401)
            #expect(page.text.contains("<form") && !page.text.contains("<script"))
            #expect(page.headers.first(name: "content-security-policy")?.contains("form-action 'self'") == true)
            for body in ["token=wrong", "", "token=", "x=\(Self.text)", "%zz", String(repeating: "x", count: 5000)] {
                let response = try await fetch("\(emulator.baseURL)/session", method: .POST, body: Array(body.utf8))
                #expect(response.status == 401)
                #expect(response.headers.first(name: "set-cookie") == nil)
            }
            let body = Array("token=\(Self.text)".utf8)
            var request = HTTPClientRequest(url: "\(emulator.baseURL)/session")
            request.method = .POST
            request.body = .bytes(body)
            let client = HTTPClient(configuration: .init(redirectConfiguration: .disallow))
            let session = try await client.execute(request, timeout: .seconds(30))
            try await client.shutdown()
            #expect(session.status == .seeOther)
            let setCookie = try #require(session.headers.first(name: "set-cookie"))
            #expect(setCookie.contains("HttpOnly") && setCookie.contains("SameSite=Strict"))
            #expect(!setCookie.contains(Self.text))
            let cookie = try #require(setCookie.split(separator: ";").first).description
            #expect(try await fetch("\(emulator.baseURL)/", headers: ["cookie": cookie]).status == 200)
            let headers: HTTPHeaders = ["cookie": "other=1; \(cookie)"]
            #expect(try await fetch("\(emulator.baseURL)/api/v1/messages", headers: headers).status == 200)
            #expect(try await fetch("\(emulator.baseURL)/", headers: ["cookie": "\(cookie)x"]).status == 401)
        }
    }

    @Test(arguments: [
        ("emulator", 200), ("EMULATOR:8026", 200), ("localhost", 200), ("127.0.0.1:1", 200), ("evil.example", 421),
        ("0.0.0.0", 421), ("emulator.evil.example", 421), ("192.168.1.2", 421),
    ])
    func onlyAllowedHostsAreServed(host: String, status: Int) async throws {
        try await Self.withEmulator { emulator async throws in
            let headers: HTTPHeaders = ["host": host, "authorization": "Bearer \(Self.text)"]
            #expect(try await fetch("\(emulator.baseURL)/", headers: headers).status == status)
            #expect(try await fetch("\(emulator.baseURL)/api/v1/messages", headers: headers).status == status)
            let post = try await fetch(
                "\(emulator.baseURL)/session",
                method: .POST,
                headers: ["host": host],
                body: Array("token=x".utf8)
            )
            #expect(post.status == (status == 200 ? 401 : 421))
        }
    }

    @Test func onlyPagesOfAllowedHostsMayCallTheAPI() async throws {
        try await Self.withEmulator { emulator async throws in
            for (origin, status) in [("http://emulator:8026", 200), ("http://evil.example", 403), ("null", 403)] {
                let headers: HTTPHeaders = [
                    "host": "emulator:8026", "origin": origin, "authorization": "Bearer \(Self.text)",
                ]
                #expect(try await fetch("\(emulator.baseURL)/api/v1/messages", headers: headers).status == status)
            }
        }
    }

    @Test func clientSendsTheToken() async throws {
        try await Self.withEmulator { emulator async throws in
            #expect(try await SpoilableRequest(to: emulator).send(to: emulator).code == "OK")
            let token = try InboxToken(Self.text)
            let client = InboxClient(baseURL: emulator.baseURL, token: token, httpClient: .shared)
            #expect(try await client.latestCode() == "123456")
            let other = InboxClient(baseURL: emulator.baseURL, httpClient: .shared)
            await #expect(throws: InboxClient.UnexpectedResponse(status: 401)) { try await other.latestCode() }
        }
    }

    @Test(arguments: ["0.0.0.0", "::", "192.168.1.2", "emulator", "[::]", "127.0.0.1.evil.example", "localhost.evil"])
    func listeningBeyondLoopbackRequiresAToken(host: String) async throws {
        await #expect(throws: EmulatorConfigurationError.self) {
            try await SMSGatewayEmulator.withServer(.init(host: host)) { _ in }
        }
    }

    @Test(arguments: ["127.0.0.1", "127.8.9.1", "localhost", "::1", "[::1]"])
    func loopbackNeedsNoToken(host: String) {
        #expect(throws: Never.self) { try SMSGatewayEmulator.Configuration(host: host).checkAccess() }
    }

    @Test(arguments: ["", "a b", "a:80", "http://a", "a/b", "[::1", "é"])
    func invalidAllowedHostIsRejected(host: String) {
        #expect(throws: EmulatorConfigurationError.self) {
            try SMSGatewayEmulator.Configuration(allowedHosts: [host]).checkAccess()
        }
    }

    @Test(arguments: [
        ("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("::", "[::1]"), ("::1", "[::1]"), ("[::1]", "[::1]"),
        ("localhost", "localhost"), ("10.1.2.3", "10.1.2.3"),
    ])
    func baseURLHasAReachableAddress(host: String, authority: String) {
        #expect(ListenAddress(host).authority == authority)
    }

    @Test(arguments: ["", "short", "with blanks in the token", "ünprintable-token", String(repeating: "x", count: 257)])
    func invalidTokenIsRejected(text: String) {
        #expect(throws: InboxToken.Invalid.self) { try InboxToken(text) }
    }

    @Test func tokenIsNeverPrinted() throws {
        let token = try InboxToken(Self.text)
        var dumped = ""
        dump(token, to: &dumped)
        #expect(!"\(token) \(String(reflecting: token)) \(dumped)".contains(Self.text))
    }
}
