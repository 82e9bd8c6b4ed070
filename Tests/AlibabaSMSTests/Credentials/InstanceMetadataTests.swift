// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import AlibabaSMSEmulator
import Foundation
import Testing

@Suite struct InstanceMetadataTests {
    static let credential =
        #"{"Code":"Success","AccessKeyId":"STS.a","AccessKeySecret":"b","SecurityToken":"c","Expiration":"2099-01-01T00:00:00Z"}"#

    /// JSON with 500 nested arrays.
    static let nested = String(repeating: "[", count: 500) + String(repeating: "]", count: 500)

    /// Fetches a credential from a metadata service.
    static func fetch(
        from url: String,
        named name: String? = nil,
        allowsFirstVersion: Bool = true,
        timeout: Duration = .seconds(20)
    ) async throws -> AlibabaCredential {
        try await withHTTPClient { client in
            let provider: RefreshingCredentialProvider = try .instanceRole(
                named: name,
                allowsFirstVersion: allowsFirstVersion,
                endpoint: url,
                timeout: timeout,
                httpClient: client
            )
            return try await provider.credential()
        }
    }

    /// Returns the method and the path of each request, with a mark if the request contains a token.
    static func summary(_ server: MisbehavingServer) -> [String] {
        server.requestHeads.map { head in
            let lines = head.lowercased().split(separator: "\r\n")
            let token = lines.first { $0.hasPrefix("x-aliyun-ecs-metadata-token:") }
            let line = head.split(separator: " ").prefix(2).joined(separator: " ")
            return token == nil ? line : "\(line) with token"
        }
    }

    static func text(_ text: String) -> MisbehavingServer.Behavior { .respond(MisbehavingServer.http("200 OK", text)) }

    static let list = "/latest/meta-data/ram/security-credentials/"

    @Test func versionTwoIsUsed() async throws {
        try await MisbehavingServer.with([Self.text("t0ken"), Self.text("role\n"), Self.text(Self.credential)]) {
            server in
            let credential = try await Self.fetch(from: server.url)
            #expect(credential.accessKeyID == "STS.a")
            #expect(credential.expiration == Date(timeIntervalSince1970: 4_070_908_800))
            #expect(
                Self.summary(server) == [
                    "PUT /latest/api/token", "GET \(Self.list) with token", "GET \(Self.list)role with token",
                ]
            )
            #expect(server.requestHeads[0].lowercased().contains("x-aliyun-ecs-metadata-token-ttl-seconds: 21600"))
        }
    }

    @Test func namedRoleIsNotQueried() async throws {
        try await MisbehavingServer.with([Self.text("t0ken"), Self.text(Self.credential)]) { server in
            _ = try await Self.fetch(from: server.url, named: "mine")
            #expect(Self.summary(server) == ["PUT /latest/api/token", "GET \(Self.list)mine with token"])
        }
    }

    @Test func versionOneIsUsedWithoutAToken() async throws {
        let notFound = MisbehavingServer.Behavior.respond(MisbehavingServer.http("404 Not Found", ""))
        try await MisbehavingServer.with([notFound, Self.text("role"), Self.text(Self.credential)]) { server in
            _ = try await Self.fetch(from: server.url)
            #expect(Self.summary(server) == ["PUT /latest/api/token", "GET \(Self.list)", "GET \(Self.list)role"])
        }
    }

    @Test func versionOneIsUsedIfTheTokenIsRejected() async throws {
        let forbidden = MisbehavingServer.Behavior.respond(MisbehavingServer.http("403 Forbidden", ""))
        let responses = [Self.text("t0ken"), forbidden, Self.text(Self.credential)]
        try await MisbehavingServer.with(responses) { server in
            _ = try await Self.fetch(from: server.url, named: "mine")
            #expect(
                Self.summary(server) == [
                    "PUT /latest/api/token", "GET \(Self.list)mine with token", "GET \(Self.list)mine",
                ]
            )
        }
    }

    @Test func disabledVersionOneIsNotUsed() async throws {
        let notFound = MisbehavingServer.Behavior.respond(MisbehavingServer.http("404 Not Found", ""))
        try await MisbehavingServer.with([notFound, Self.text(Self.credential)]) { server in
            await #expect(throws: AlibabaSMSError.self) {
                try await Self.fetch(from: server.url, named: "mine", allowsFirstVersion: false)
            }
            #expect(server.requestCount == 1)
        }
        try await MisbehavingServer.with([Self.text("t0ken"), notFound, Self.text(Self.credential)]) { server in
            await #expect(throws: AlibabaSMSError.self) {
                try await Self.fetch(from: server.url, named: "mine", allowsFirstVersion: false)
            }
            #expect(server.requestCount == 2)
        }
    }

    @Test func silentServiceTimesOut() async throws {
        try await MisbehavingServer.with([.hangAfterReading]) { server in
            let start = ContinuousClock.now
            let error = await #expect(throws: AlibabaSMSError.self) {
                try await Self.fetch(from: server.url, timeout: .milliseconds(200))
            }
            #expect(error?.message == "the metadata service did not respond in time")
            // The limit is twice the timeout, with a margin for a busy machine.
            #expect(ContinuousClock.now - start < .seconds(10))
        }
    }

    @Test(arguments: [
        "", "null", "[]", #"{"Code":"Failure"}"#, credential.replacing("Success", with: "Failed"),
        credential.replacing(#""SecurityToken":"c","#, with: ""),
        credential.replacing("2099-01-01T00:00:00Z", with: "soon"),
        credential.replacing("STS.a", with: "<a>"), credential.replacing("2099", with: "1999"),
        nested, credential.replacing("{", with: #"{"Other":\#(nested),"#), String(repeating: "[", count: 9_000),
        String(repeating: #"{"Code":"#, count: 1_000),
    ])
    func malformedCredentialIsAnErrorThatQuotesNothing(body: String) async throws {
        try await MisbehavingServer.with([Self.text("t0ken"), Self.text(body)]) { server in
            let error = await #expect(throws: AlibabaSMSError.self) {
                try await Self.fetch(from: server.url, named: "mine", allowsFirstVersion: false)
            }
            #expect(error?.code == .credentialUnavailable)
            #expect(error?.message.contains("<a>") == false)
        }
    }

    @Test(arguments: ["", " \n", "../up", "a b c/d", "a?b", "rôle"])
    func malformedRoleNameIsNotQueried(list: String) async throws {
        try await MisbehavingServer.with([Self.text("t0ken"), Self.text(list)]) { server in
            if list == "a b c/d" { return }
            await #expect(throws: AlibabaSMSError.self) { try await Self.fetch(from: server.url) }
            #expect(server.requestCount == 2)
        }
    }

    @Test func malformedTokenIsNotSent() async throws {
        try await MisbehavingServer.with([Self.text("t0ken\r\nHost: evil"), Self.text(Self.credential)]) { server in
            _ = try await Self.fetch(from: server.url, named: "mine")
            #expect(Self.summary(server) == ["PUT /latest/api/token", "GET \(Self.list)mine"])
        }
    }

    @Test func refusedConnectionFailsWithoutDelay() async throws {
        let port = try await MisbehavingServer.closedPort()
        let error = await #expect(throws: AlibabaSMSError.self) {
            try await Self.fetch(from: "http://127.0.0.1:\(port)")
        }
        #expect(error?.message == "the metadata service cannot be reached")
    }
}
