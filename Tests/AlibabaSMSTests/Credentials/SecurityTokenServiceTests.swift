// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Foundation
import SMSKit
import Testing

@testable import AlibabaSMS

@Suite struct SecurityTokenServiceTests {
    @Test func endpointMatchesTheOfficialSDKs() throws {
        #expect(try SecurityTokenService.endpoint(region: nil, isVPC: false) == "https://sts.aliyuncs.com")
        #expect(try SecurityTokenService.endpoint(region: "", isVPC: true) == "https://sts.aliyuncs.com")
        #expect(
            try SecurityTokenService.endpoint(region: "ap-southeast-1", isVPC: false)
                == "https://sts.ap-southeast-1.aliyuncs.com"
        )
        #expect(
            try SecurityTokenService.endpoint(region: "ap-southeast-1", isVPC: true)
                == "https://sts-vpc.ap-southeast-1.aliyuncs.com"
        )
        #expect(throws: AlibabaSMSError.self) {
            try SecurityTokenService.endpoint(region: "evil.example/", isVPC: false)
        }
    }

    @Test(arguments: ["http://sts.aliyuncs.com", "ftp://x", "", "https://sts.aliyuncs.com/path"])
    func plaintextIsAllowedOnLoopbackOnly(endpoint: String) {
        #expect(throws: AlibabaSMSError.self) { try Endpoint(sts: endpoint, allowsPlaintext: false) }
    }

    @Test(
        arguments: [
            ("x", "swift-otp", 3600), ("acs:ram::1:user/u", "swift-otp", 3600), ("acs:ram::1:role/r", "x", 3600),
            ("acs:ram::1:role/r", "a b", 3600), ("acs:ram::1:role/r", "swift-otp", 899),
            ("acs:ram::1:role/r", "swift-otp", 43_201),
        ]
    )
    func invalidRoleIsRejectedBeforeAnythingIsSent(arn: String, session: String, seconds: Int) async throws {
        try await withHTTPClient { client in
            let role = AssumedRole(arn: arn, sessionName: session, duration: .seconds(seconds))
            _ = #expect(throws: AlibabaSMSError.self) {
                let _: RefreshingCredentialProvider = try .assumedRole(
                    role,
                    with: .static(try Fixture.credential()),
                    httpClient: client
                )
            }
        }
    }

    /// Requests a credential from a server that is not STS, and returns the error and the received requests.
    static func refusal(_ response: String) async throws -> (error: AlibabaSMSError?, requests: [String]) {
        try await MisbehavingServer.with([.respond(response)]) { server in
            try await withHTTPClient { client in
                let provider: RefreshingCredentialProvider = try .assumedRole(
                    AssumedRole(arn: "acs:ram::1:role/r"),
                    with: .static(try Fixture.credential(token: "CAIS+token/==")),
                    stsEndpoint: server.url,
                    httpClient: client
                )
                let error = await #expect(throws: AlibabaSMSError.self) { try await provider.credential() }
                return (error, server.requestHeads)
            }
        }
    }

    @Test func errorContainsTheCodeButNotTheDescription() async throws {
        let body = """
            {"RequestId":"0A1B2C3D-0000-4000-8000-000000000000","Code":"NoPermission","Message":"string to sign: top-secret"}
            """
        let (error, requests) = try await Self.refusal(MisbehavingServer.http("403 Forbidden", body))
        #expect(
            error?.message == "STS returned HTTP 403, code NoPermission, request 0A1B2C3D-0000-4000-8000-000000000000"
        )
        #expect(error?.code == .credentialUnavailable)
        let head = try #require(requests.first)
        #expect(head.contains("x-acs-action: AssumeRole\r\n"))
        #expect(head.contains("x-acs-version: 2015-04-01\r\n"))
        #expect(head.contains("SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-security-token;"))
        #expect(!head.contains(Fixture.secret))
    }

    @Test(arguments: [
        "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n",
        MisbehavingServer.http("200 OK", "{}"), MisbehavingServer.http("200 OK", "<html>top-secret"),
        MisbehavingServer.http("503 Service Unavailable", #"{"Code":"6591234567 top-secret"}"#),
        MisbehavingServer.http("200 OK", InstanceMetadataTests.nested),
        MisbehavingServer.http("200 OK", #"{"Credentials":\#(InstanceMetadataTests.nested)}"#),
        MisbehavingServer.http("200 OK", String(repeating: #"{"Credentials":"#, count: 3_000)),
    ])
    func unexpectedResponseIsAnErrorThatQuotesNothing(response: String) async throws {
        let error = try await Self.refusal(response).error
        #expect(error?.message.contains("STS") == true)
        #expect(error?.message.contains("top-secret") == false)
    }

    @Test func oidcTokenIsSentInTheBodyWithoutASignature() async throws {
        try await MisbehavingServer.with([.respond(MisbehavingServer.http("401 Unauthorized", "{}"))]) { server in
            try await withHTTPClient { client in
                try await withFolder { folder in
                    let file = try write("  the.token.itself \n", to: "token", in: folder)
                    let provider: RefreshingCredentialProvider = try .oidcRole(
                        AssumedRole(arn: "acs:ram::1:role/r"),
                        providerARN: "acs:ram::1:oidc-provider/p",
                        tokenFile: file,
                        stsEndpoint: server.url,
                        httpClient: client
                    )
                    await #expect(throws: AlibabaSMSError.self) { try await provider.credential() }
                    let head = try #require(server.requestHeads.first)
                    let firstLine = try #require(head.split(separator: "\r\n").first)
                    #expect(firstLine.contains("Action=AssumeRoleWithOIDC"))
                    #expect(!firstLine.contains("itself"))
                    #expect(!head.lowercased().contains("authorization:"))
                }
            }
        }
    }

    @Test(arguments: ["", "two tokens", " ", String(repeating: "x", count: 20_001)])
    func tokenFileWithoutOneTokenIsAnError(text: String) async throws {
        try await withHTTPClient { client in
            try await withFolder { folder in
                let file = try write(text, to: "token", in: folder)
                let provider: RefreshingCredentialProvider = try .oidcRole(
                    AssumedRole(arn: "acs:ram::1:role/r"),
                    providerARN: "acs:ram::1:oidc-provider/p",
                    tokenFile: file,
                    httpClient: client
                )
                let error = await #expect(throws: AlibabaSMSError.self) { try await provider.credential() }
                #expect(error?.message == "the OIDC token file does not contain exactly one token")
            }
        }
    }

    @Test func errorOfAForeignProviderIsNotQuoted() async throws {
        struct Leak: Error, CustomStringConvertible { let description = "top-secret" }
        struct Leaking: CredentialProvider {
            func credential() async throws -> AlibabaCredential { throw Leak() }
        }
        try await withHTTPClient { client in
            let role = AssumedRole(arn: "acs:ram::1:role/r")
            let provider: RefreshingCredentialProvider = try .assumedRole(role, with: Leaking(), httpClient: client)
            let error = await #expect(throws: AlibabaSMSError.self) { try await provider.credential() }
            #expect(error.map { "\($0)".contains("top-secret") } == false)
        }
    }
}
